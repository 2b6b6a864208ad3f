// AWS SDK for JavaScript v3 in Node.js, with its default settings.
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import {
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider';

// A new client for each question: the SDK keeps its retry quota and its connections in the client.
async function answer({ endpoint, region, access_token }) {
  const client = new CognitoIdentityProviderClient({ endpoint, region });
  try {
    const output = await client.send(new StartWebAuthnRegistrationCommand({ AccessToken: access_token }));
    return { outcome: 'success', ...metadata(output), options: output.CredentialCreationOptions };
  } catch (error) {
    return {
      outcome: error instanceof CognitoIdentityProviderServiceException ? 'error' : 'failure',
      code: text(error?.name),
      message: text(error?.message),
      ...metadata(error),
      // Undefined unless the model, or what the SDK made of the answer, says that it may be retried.
      retryable: error?.$retryable ? true : undefined,
      detail: inspect(error).slice(0, 60_000),
    };
  } finally {
    client.destroy();
  }
}

// The SDK tells these of errors of its own, too: an answer that it cannot read has a status.
function metadata(from) {
  const { httpStatusCode, requestId, attempts } = from?.$metadata ?? {};
  return { status: httpStatusCode, request_id: requestId, attempts };
}

// The SDK hands on whatever JSON the body has for a message; the protocol knows texts only.
function text(value) {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ scenario: question.scenario, ...(await answer(question)) })}\n`);
}
