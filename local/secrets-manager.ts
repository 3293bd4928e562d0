import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { awsCredentials, type StandInCredentials } from './access';
import { type LoopbackServer, serve } from './loopback';

/** The secret that the stand-in holds. */
export interface HeldSecret {
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The value, which is returned as JSON; undefined for a secret without a value. */
  read(): unknown;
  /** Stores a new value. Without it, PutSecretValue is an unknown operation. */
  write?(value: unknown): void;
}

type Answer = readonly [status: number, body: object];

const refusal = (type: string, message: string): Answer => [400, { __type: type, Message: message }];
const notFound = refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");

/**
 * A stand-in for Secrets Manager that holds one secret. With the real Clerk, this is the real secret key.
 * Protocol: AWS JSON 1.1, https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
 * @param credentials the only ones that are accepted.
 */
export async function startSecretsManager(
  secret: HeldSecret,
  credentials: StandInCredentials,
): Promise<LoopbackServer> {
  const listener: Parameters<typeof serve>[0] = async (request, response) => {
    const [, action] = String(request.headers['x-amz-target']).split('.');
    const [status, body] = answer(secret, action, JSON.parse((await text(request)) || '{}'));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  };
  return await serve(listener, 0, awsCredentials(credentials));
}

function answer(secret: HeldSecret, action: string | undefined, input: Record<string, unknown>): Answer {
  if (action === 'ListSecrets') return [200, { SecretList: hasTags(secret, input) ? [listed(secret)] : [] }];
  const value = secret.read();
  if (action !== 'GetSecretValue' && !(action === 'PutSecretValue' && secret.write)) {
    return refusal('UnknownOperationException', 'The stand-in does not support this action.');
  }
  if (input.SecretId !== secret.id && input.SecretId !== arnOf(secret)) return notFound;
  if (action === 'PutSecretValue') {
    secret.write?.(JSON.parse(String(input.SecretString)));
    return [200, { Name: secret.id, VersionId: randomUUID(), VersionStages: ['AWSCURRENT'] }];
  }
  if (value === undefined) return notFound;
  return [200, { Name: secret.id, SecretString: JSON.stringify(value), VersionStages: ['AWSCURRENT'] }];
}

const arnOf = ({ id }: HeldSecret) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${id}-a1B2c3`;

const listed = (secret: HeldSecret) => ({
  ARN: arnOf(secret),
  Name: secret.id,
  Tags: Object.entries(secret.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
});

/** Whether the secret matches all filters of a ListSecrets call. A filter matches if one of its values does. */
function hasTags({ tags = {} }: HeldSecret, { Filters = [] }: Record<string, unknown>): boolean {
  return (Filters as { Key: string; Values: string[] }[]).every(({ Key, Values }) => {
    const present = Key === 'tag-key' ? Object.keys(tags) : Object.values(tags);
    return Values.some((value) => present.includes(value));
  });
}
