import { generateKeyPairSync, sign } from 'node:crypto';
import { newSecret } from '../../../../lambda/keys/secret';
import { matchOf } from '../../../../local/github/secret-scanning';
import type { Attack, AttackRequest, Setting } from '../attack';
import { noise } from '../forged-tokens';
import { alike, badRequest, each, json, signedIn } from '../requests';

type Headers = Record<string, string>;

const path = '/leaks/github';
const [idHeader, signatureHeader] = ['github-public-key-identifier', 'github-public-key-signature'] as const;
const refused = badRequest('Invalid report');
const notByHttp = 'the local server has a stand-in of its own, whose key this test does not have';
const tooLarge = (message: string) => ({ status: 413, code: 'PAYLOAD_TOO_LARGE', message });

const reported =
  (matches: (setting: Setting) => readonly unknown[]) =>
  (setting: Setting): AttackRequest => ({ path, ...setting.scanning.report(matches(setting)) });
const signed =
  (body: string) =>
  ({ scanning }: Setting): AttackRequest => ({ path, ...scanning.report([], body) });

/** A report of the attacker's key, and how its headers or its body are changed on the way. */
const changed =
  (headersOf: (headers: Headers, body: string) => Headers, bodyOf = (body: string): string | Buffer => body) =>
  (setting: Setting): AttackRequest => {
    const { headers, body } = setting.scanning.report([matchOf(setting.key.secret)]);
    return { path, headers: headersOf({ ...headers }, body), body: bodyOf(body) };
  };
const withBody = (change: (body: string) => string | Buffer) => changed((headers) => headers, change);
const withSignature = (change: (signature: string, body: string) => string) =>
  changed((headers, body) => ({ ...headers, [signatureHeader]: change(headers[signatureHeader] ?? '', body) }));
const withId = (id: string) => changed((headers) => ({ ...headers, [idHeader]: id }));
const without = (...names: string[]) =>
  changed((headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))));

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const bySomebodyElse = (body: string) => sign('sha256', Buffer.from(body), privateKey).toString('base64');

const signatures = alike(refused, {
  'not signed': without(idHeader, signatureHeader),
  'no key id': without(idHeader),
  'half a signature': withSignature((signature) => signature.slice(0, 40)),
  'bytes after the signature': withSignature((value) => `${value.replace(/=+$/, '')}AAAA`.slice(0, 100)),
  'signed by somebody else': withSignature((_signature, body) => bySomebodyElse(body)),
  'signed by somebody else, with a key id of their own': changed((_headers, body) => ({
    [signatureHeader]: bySomebodyElse(body),
    [idHeader]: noise(64),
  })),
  ...each(['0'.repeat(64), '__proto__', '*', '', 'a b'], (id) => `the key id ${JSON.stringify(id)}`, withId),
  'a key id of 9,000 characters': withId(noise(9_000)),
  'a signature of 201 characters': withSignature(() => 'A'.repeat(201)),
  // The mistake of CVE-2022-21449: r and s of 0.
  'a signature of r and s of 0': withSignature(() => Buffer.from('3006020100020100', 'hex').toString('base64')),
  'a signature in the form of IEEE P1363': withSignature(() => Buffer.alloc(64, 1).toString('base64')),
  'a signature in base64url': withSignature((signature) => `-_${signature}`),
  'two signatures': withSignature((signature) => `${signature},${signature}`),
  'another body': withBody(() => '[]'),
  'other bytes for the same text': withBody((body) => Buffer.concat([Buffer.from('\uFEFF'), Buffer.from(body)])),
  'no body': withBody(() => ''),
  'a session token instead of a signature': (setting) => ({
    path,
    headers: signedIn(setting),
    body: JSON.stringify([matchOf(setting.strangersKey.secret)]),
  }),
});

const bodies = [
  ...alike(
    { ...refused, notByHttp },
    each(['null', '{"0":{"token":"x"},"length":1}', '', '['], (body) => `signed: ${body}`, signed),
  ),
  ...alike(
    { status: 200, notByHttp },
    {
      '50,000 levels': signed(`[${'['.repeat(50_000)}${']'.repeat(50_000)}]`),
      'matches that are none': reported(() => [null, 7, 'x', [], {}, { token: ['x'], type: 'x' }]),
    },
  ),
  ...alike(tooLarge('The body is over 1 MB'), {
    '1 MB and one byte': () => ({ path, headers: json, body: 'x'.repeat((1 << 20) + 1) }),
    '5 MB of [': () => ({ path, headers: json, body: '['.repeat(5 << 20) }),
  }),
  ...alike(
    { ...tooLarge('The report has over 1000 matches'), notByHttp },
    { '1,001 matches': reported(() => Array(1_001).fill(matchOf('x'))) },
  ),
];

const token = (of: (setting: Setting) => string): Attack['request'] => reported((setting) => [matchOf(of(setting))]);
const noKey = { status: 200, notByHttp };

/** Texts that GitHub might find, none of which is the secret of a key. */
const tokens = [
  ...alike(noKey, {
    'the id of a key': token(({ key }) => key.id),
    'a secret and one more character': token(({ key }) => `${key.secret}x`),
    'a secret of another prefix': token(({ key }) => newSecret('sk_other', key.id)),
    'a million characters': token(() => 'sk_satori_'.repeat(100_000)),
  }),
  ...alike(
    { ...noKey, calls: ['GetItem'] },
    {
      'another secret of a key': token(({ strangersKey }) => newSecret('sk_satori', strangersKey.id)),
      'a secret of a tombstone': token(({ tombstoneId }) => newSecret('sk_satori', tombstoneId)),
      'a secret that a rotation replaced earlier': token(({ replacedSecret }) => replacedSecret),
    },
  ),
  ...alike(
    { ...noKey, calls: ['GetItem', 'UpdateItem'] },
    { 'a report of a revoked key again': token(({ revokedKey }) => revokedKey.secret) },
  ),
];

export const leaks = { signatures, bodies, tokens };
