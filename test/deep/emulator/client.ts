import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '../../../lambda/shared/aws-clients';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** As local/template.ts resolves them. */
export const region = 'us-east-1';
export const account = '000000000000';

/** The root user, who may do anything. MiniStack takes the account id as its access key and checks no signature. */
export const root: Credentials = { accessKeyId: account, secretAccessKey: 'root' };

const address = () => String(process.env.TEST_AWS_URL);

export function dynamoDbAs(credentials: Credentials): DynamoDBClient {
  // The first call to a service waits until the emulator has loaded it.
  const slow = { requestHandler: { requestTimeout: 10_000 }, maxAttempts: 1 };
  return new DynamoDBClient({ ...awsClientOptions(address()), ...slow, region, credentials });
}

export async function assumeRole(statements: readonly Statement[]): Promise<Credentials> {
  const RoleName = randomUUID();
  const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' };
  await callAsRoot('iam', { Action: 'CreateRole', RoleName, AssumeRolePolicyDocument: document(trust) });
  const policy = { PolicyName: 'default', PolicyDocument: document(...statements) };
  await callAsRoot('iam', { Action: 'PutRolePolicy', RoleName, ...policy });
  const role = { RoleArn: `arn:aws:iam::${account}:role/${RoleName}`, RoleSessionName: RoleName };
  const session = await callAsRoot('sts', { Action: 'AssumeRole', ...role });
  const member = (name: string) => String(new RegExp(`<${name}>([^<]+)</`).exec(session)?.[1]);
  return {
    accessKeyId: member('AccessKeyId'),
    secretAccessKey: member('SecretAccessKey'),
    sessionToken: member('SessionToken'),
  };
}

/**
 * Calls a service that has the query protocol.
 * @returns the answer's XML.
 * @throws Error with the answer of a call that failed.
 */
export async function callAsRoot(
  service: 'cloudformation' | 'iam' | 'sts',
  parameters: Record<string, string>,
): Promise<string> {
  const scope = `${account}/20260101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=unchecked`;
  const body = new URLSearchParams(parameters);
  const response = await fetch(address(), { method: 'POST', headers: { authorization }, body });
  const xml = await response.text();
  if (!response.ok) throw new Error(xml);
  return xml;
}
