import { createHash, randomBytes } from 'node:crypto';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { ApiHarness } from '../../support/api-harness';
import type { Canaries, Sighting } from './canaries';

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
  return { ...aws, AWS_ACCESS_KEY_ID: api.tables.credentials.accessKeyId };
}

/** The credentials of every event: one that is refused may be another service's. */
export function noteCredentials(canaries: Canaries, event: unknown): void {
  const { headers, cookies } = (event ?? {}) as { headers?: Headers; cookies?: unknown };
  const names = ['authorization', 'x-api-key', 'svix-signature'];
  const sent = [...names.map((name) => headers?.[name]), ...[cookies].flat()];
  for (const credential of sent.flatMap((value) => String(value ?? '').split(/[\s,;="]+/))) {
    noteCredential(canaries, credential);
  }
}

/** Ids are not secret, though an attack may send one as a credential. */
const anId = /^(user_\w{27}|ak_[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function noteCredential(canaries: Canaries, credential: string): void {
  if (credential.length < 24 || anId.test(credential)) return;
  if (credential.startsWith('sk_satori_')) canaries.addKey('key secret', credential);
  else if (credential.split('.').length === 3) canaries.addToken('session token', credential);
  else canaries.add('credential', credential);
}

/** The secrets of all keys, told or not: Clerk's own in its answers, digests on their way to the table. */
export function noteKeysMade(canaries: Canaries, { clerk, dynamodb }: ApiHarness): void {
  for (const answer of clerk.answers) {
    for (const [, secret = ''] of answer.matchAll(/"secret":"ak_([^"]+)"/g)) {
      canaries.add('Clerk’s secret in a key', secret);
    }
  }
  for (const { body } of dynamodb.calls) {
    // A put names the attribute; an update has a placeholder for it.
    for (const [, digest = ''] of body.matchAll(/\{"S":"([0-9a-f]{64})"\}/g)) {
      canaries.add('digest of key secret', digest);
      canaries.add('digest of key secret', Buffer.from(digest, 'hex'));
    }
  }
}

/** The member of an answer that tells a secret: in JSON, in tRPC's envelope, in a batch, in JSON lines. */
const toldSecret = /"secret":"(sk_satori_[^"\\]+)"/g;

const tellsSecret = (event: unknown) =>
  /keys\.(create|rotate)/.test(
    JSON.stringify((event as { pathParameters?: unknown } | undefined)?.pathParameters) ?? '',
  );

/** Notes the secrets that an answer tells. */
export function noteTold(canaries: Canaries, { answer }: Exchange): void {
  const { body = '' } = (answer ?? {}) as { body?: string };
  for (const [, secret = ''] of body.matchAll(toldSecret)) canaries.addKey('key secret', secret);
}

/** The hashes that the answer to a report of leaked keys may have: those of the tokens that were reported. */
function reportedHashes(event: unknown): Set<string> {
  const { routeKey, body = '' } = (event ?? {}) as { routeKey?: string; body?: string };
  if (routeKey !== 'POST /leaks/github') return new Set();
  const tokens = [...body.matchAll(/"token":"([^"]*)"/g)].map(([, token = '']) => token);
  return new Set(tokens.map((token) => createHash('sha256').update(token).digest('hex')));
}

/** An answer as it is searched: without the secret, if it is a creation's or rotation's and tells it for the first time. */
export function searchable({ event, answer }: Exchange, told: Set<string>): string {
  const text = typeof answer === 'string' ? answer : undefined;
  if (text !== undefined || answer === undefined) return text ?? '';
  const { statusCode, headers, body = '', ...rest } = answer as { [name: string]: unknown; body?: string };
  const mayTell = tellsSecret(event) && (statusCode === 200 || statusCode === 207);
  const shown = body.replace(toldSecret, (member, secret) => {
    if (!mayTell || told.has(secret)) return member;
    told.add(secret);
    return '"secret":""';
  });
  const hashes = reportedHashes(event);
  const others = shown.replace(/"token_hash":"([0-9a-f]{64})"/g, (member, hash) => (hashes.has(hash) ? '' : member));
  return [JSON.stringify([statusCode, headers, rest]), others].join('\n');
}

/** Canaries in the tables: a digest is allowed in the two attributes that are for it. */
export async function sightingsInTables({ tables }: ApiHarness, canaries: Canaries): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for (const TableName of [tables.tableName, tables.usesTableName]) {
    for await (const { Items = [] } of paginateScan({ client: tables.client }, { TableName })) {
      for (const { secretDigest, previousDigest, ...others } of Items) {
        const digest = canaries.sightings(`${secretDigest?.S} ${previousDigest?.S}`);
        sightings.push(...digest.filter(({ what }) => !what.startsWith('digest of key secret')));
        sightings.push(...canaries.sightings(JSON.stringify(others)));
      }
    }
  }
  return sightings;
}
