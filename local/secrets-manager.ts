import { text } from 'node:stream/consumers';
import { type LoopbackServer, serve } from './loopback';

/**
 * A stand-in for Secrets Manager that holds one secret.
 * Protocol: AWS JSON 1.1, https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export async function startSecretsManager(secretId: string, value: () => unknown): Promise<LoopbackServer> {
  return await serve(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return answer(400, { __type: 'UnknownOperationException' });
    }
    const { SecretId } = JSON.parse(await text(request));
    if (SecretId !== secretId) {
      return answer(400, { __type: 'ResourceNotFoundException', Message: 'No such secret.' });
    }
    answer(200, { Name: secretId, SecretString: JSON.stringify(value()), VersionStages: ['AWSCURRENT'] });
  });
}
