// Auth of AWS Amplify in a page, with its default settings.
import { Amplify } from 'aws-amplify';
import { AuthError, associateWebAuthnCredential } from 'aws-amplify/auth';

// Only the start of the registration goes to the endpoint. What Amplify calls after it, CompleteWebAuthnRegistration, is answered here.
const send = globalThis.fetch;
globalThis.fetch = async (url, init) =>
  new Headers(init?.headers).get('x-amz-target')?.endsWith('.StartWebAuthnRegistration') ? send(url, init) : new Response('{}');

export async function call({ endpoint, region, access_token }) {
  // The id of the pool tells the region alone; Amplify asks for an id of the app client and does not send it.
  const Cognito = { userPoolId: `${region}_cogspec`, userPoolClientId: 'cogspec', userPoolEndpoint: endpoint };
  const accessToken = { toString: () => access_token, payload: {} };
  Amplify.configure({ Auth: { Cognito } }, { Auth: { tokenProvider: { getTokens: async () => ({ accessToken }) } } });
  await associateWebAuthnCredential();
}

// An AuthError is one of the service where it has metadata of a response. Amplify throws the same class for states of its own, and
// others (PasskeyError, AmplifyError, SyntaxError) for what went wrong in the browser or on the way.
export function explain(error) {
  const metadata = error instanceof AuthError ? error.metadata : undefined;
  return {
    outcome: metadata ? 'error' : 'failure',
    status: metadata?.httpStatusCode,
    request_id: metadata?.requestId,
  };
}
