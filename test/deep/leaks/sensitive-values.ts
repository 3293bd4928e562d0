import { randomBytes } from 'node:crypto';
import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import type { ApiHarness } from '../../support/api-harness';
import type { Canaries, Sighting } from './canaries';

/** A question to a function, and what it answered. */
export interface Exchange {
  readonly event: unknown;
  readonly answer: unknown;
}

type Headers = Readonly<Record<string, unknown>>;

const random = () => randomBytes(24).toString('base64url');

/**
 * Puts canaries where the service keeps its own secrets.
 * @returns AWS's, for the environment of the functions.
 */
export function plant(api: ApiHarness, canaries: Canaries): Record<string, string> {
  const clerk = random();
  api.usable.secretKey = `sk_test_${clerk}`;
  api.reset();
  canaries.add('Clerk secret key', clerk);
  canaries.addDigestOf('Clerk secret key', api.usable.secretKey);
  const signing = api.usable.webhookSecret.slice('whsec_'.length);
  canaries.add('webhook signing secret', signing);
  canaries.add('webhook signing secret', Buffer.from(signing, 'base64'));
  const aws = { AWS_SECRET_ACCESS_KEY: random(), AWS_SESSION_TOKEN: random() };
  for (const [name, value] of Object.entries(aws)) canaries.add(name, value);
  return { ...aws, AWS_ACCESS_KEY_ID: 'AKIDOFTHEROLE' };
}

/** Whoever calls, with whatever: a token or key that is refused may be another service's. */
export function noteCredentials(canaries: Canaries, event: unknown): void {
  const { headers, cookies } = (event ?? {}) as { headers?: Headers; cookies?: unknown };
  const names = ['authorization', 'x-api-key', 'svix-signature'];
  const sent = [...names.map((name) => headers?.[name]), ...[cookies].flat()];
  for (const credential of sent.flatMap((value) => String(value ?? '').split(/[\s,;=]+/))) {
    noteCredential(canaries, credential);
  }
}

/** Ids are no secrets, though somebody may try to get in with one. */
const anId = /^(user_\w{27}|ak_[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function noteCredential(canaries: Canaries, credential: string): void {
  if (credential.length < 24 || anId.test(credential)) return;
  if (/^sk_satori_[\w.~+/-]{40,}$/.test(credential)) canaries.addKey('key secret', credential);
  else if (credential.split('.').length === 3) canaries.addToken('session token', credential);
  else canaries.add('credential', credential);
}

/** What keys are made of, told or not: Clerk's secrets in its answers, digests on their way to the table. */
export function noteKeysMade(canaries: Canaries, { clerk, dynamodb }: ApiHarness): void {
  for (const answer of clerk.answers) {
    for (const [, secret = ''] of answer.matchAll(/"secret":"ak_([^"]+)"/g)) {
      canaries.add('Clerk’s secret in a key', secret);
    }
  }
  for (const { body } of dynamodb.calls) {
    for (const [, digest = ''] of body.matchAll(/"secretDigest":\{"S":"([^"]+)"/g)) {
      canaries.add('digest of key secret', digest);
      canaries.add('digest of key secret', Buffer.from(digest, 'hex'));
    }
  }
}

/** The member of a create answer that tells the secret: in JSON, in tRPC's envelope, in a batch, in JSON lines. */
const toldSecret = /"secret":"(sk_satori_[^"\\]+)"/g;

const isCreate = (event: unknown) =>
  /keys\.create/.test(
    JSON.stringify((event as { pathParameters?: unknown } | undefined)?.pathParameters) ?? '',
  );

/** Notes the secrets that an answer tells. */
export function noteTold(canaries: Canaries, { answer }: Exchange): void {
  const { body = '' } = (answer ?? {}) as { body?: string };
  for (const [, secret = ''] of body.matchAll(toldSecret)) canaries.addKey('key secret', secret);
}

/** An answer as it is searched: of a create that succeeded without its secret, the first time that it is told. */
export function searchable({ event, answer }: Exchange, told: Set<string>): string {
  const text = typeof answer === 'string' ? answer : undefined;
  if (text !== undefined || answer === undefined) return text ?? '';
  const { statusCode, headers, body = '', ...rest } = answer as { [name: string]: unknown; body?: string };
  const mayTell = isCreate(event) && (statusCode === 200 || statusCode === 207);
  const shown = body.replace(toldSecret, (member, secret) => {
    if (!mayTell || told.has(secret)) return member;
    told.add(secret);
    return '"secret":""';
  });
  return [JSON.stringify([statusCode, headers, rest]), shown].join('\n');
}

/** Canaries in the table: a digest has its place there, in the one attribute that is for it. */
export async function sightingsInTable({ table }: ApiHarness, canaries: Canaries): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for await (const page of paginateScan({ client: table.client }, { TableName: table.tableName })) {
    for (const item of page.Items ?? []) sightings.push(...sightingsInItem(item, canaries));
  }
  return sightings;
}

function sightingsInItem(item: Record<string, AttributeValue>, canaries: Canaries): Sighting[] {
  const { secretDigest, ...others } = item;
  const digest = secretDigest === undefined ? '' : JSON.stringify(secretDigest);
  const hidden = canaries.sightings(digest).filter(({ what }) => !what.startsWith('digest of key secret'));
  return [...hidden, ...canaries.sightings(JSON.stringify(others))];
}
