// The call as the documentation of AWS JSON 1.1 has it, by fetch, and startRegistration of @simplewebauthn/browser.
import { startRegistration } from '@simplewebauthn/browser';

export async function call({ endpoint, access_token }) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.StartWebAuthnRegistration',
    },
    body: JSON.stringify({ AccessToken: access_token }),
  });
  if (!response.ok) throw await refusal(response);
  const { CredentialCreationOptions } = await response.json();
  await startRegistration({ optionsJSON: CredentialCreationOptions });
  return told(response);
}

class ServiceError extends Error {}

// What an error is called: the header first, then the member code, then __type; without the address after a colon, and without the
// namespace before a hash. What has no name, such as the page of a gateway, is not an error of the service.
async function refusal(response) {
  const body = (await response.json().catch(() => undefined)) ?? {};
  const names = [response.headers.get('x-amzn-errortype'), body.code, body.__type];
  const type = names.find((name) => typeof name === 'string' && name !== '');
  if (!type) return Object.assign(new Error(`HTTP status ${response.status}`), { told: told(response) });
  const error = new ServiceError(body.message ?? body.Message);
  error.name = type.split(':')[0].split('#').pop();
  error.told = told(response);
  return error;
}

const told = (response) => ({ status: response.status, request_id: response.headers.get('x-amzn-requestid') ?? undefined });

export function explain(error) {
  return { outcome: error instanceof ServiceError ? 'error' : 'failure', ...error?.told };
}
