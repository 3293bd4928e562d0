import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { GitHubKeys } from '../../../lambda/leaks/github-keys';
import { GitHubReports } from '../../../lambda/leaks/github-reports';
import { matchOf } from '../../../local/github/secret-scanning';
import { type LoopbackServer, listen } from '../../../local/loopback';
import { apiForTests } from '../../support/api-harness';
import { logTo } from '../../support/environment';
import {
  afterMinutes,
  always,
  expectLogged,
  failure,
  hang,
  noResponse,
  soon,
  unavailable,
} from '../../support/expected';
import { reportEvent } from '../../support/http-api-events';

const task = () => ({ deadline: soon(), log: logTo([]) });

/** The sample of GitHub's documentation, which was signed by GitHub: https://github.com/github/docs/pull/20937 */
const sample = {
  key: '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsz9ugWDj5jK5ELBK42ynytbo38gP\nHzZFI03Exwz8Lh/tCfL3YxwMdLjB+bMznsanlhK0RwcGP3IDb34kQDIo3Q==\n-----END PUBLIC KEY-----\n',
  id: 'f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d',
  signature: 'MEUCIFLZzeK++IhS+y276SRk2Pe5LfDrfvTXu6iwKKcFGCrvAiEAhHN2kDOhy2I6eGkOFmxNkOJ+L2y8oQ9A2T9GGJo6WJY=',
  body: '[{"token":"some_token","type":"some_type","url":"some_url","source":"some_source"}]',
};

/** GitHub's API with one answer. */
async function answering(body: string, status = 200): Promise<LoopbackServer> {
  return await listen(createServer((_request, response) => response.writeHead(status).end(body)));
}
const publishing = (...keys: object[]) => answering(JSON.stringify({ public_keys: keys }));

async function readFrom(server: LoopbackServer, id: string) {
  try {
    return await new GitHubKeys(server.url).find(id, task());
  } finally {
    await server.close();
  }
}

describe('the sample of GitHub’s documentation', () => {
  const readSample = async (change: Partial<typeof sample>) => {
    const { key, id, signature, body } = { ...sample, ...change };
    const server = await publishing({ key_identifier: id, key, is_current: true });
    const headers = { 'github-public-key-identifier': id, 'github-public-key-signature': signature };
    try {
      return await new GitHubReports(new GitHubKeys(server.url)).read(headers, Buffer.from(body), task());
    } finally {
      await server.close();
    }
  };

  it('is accepted, and read', async () => {
    expect(await readSample({})).toEqual({ matches: [{ token: 'some_token', type: 'some_type' }], unreadable: 0 });
  });

  it.each([
    ['another body', { body: sample.body.replace('some_token', 'same_token') }],
    ['another signature', { signature: sample.signature.replace('LZze', 'LZzf') }],
  ])('is refused with %s', async (_what, change) => {
    await expect(readSample(change)).rejects.toMatchObject({ details: { reason: 'signature' } });
  });
});

describe('GitHub’s answer', () => {
  const pemOf = (namedCurve: string) =>
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
  const published = (key: string) => ({ key_identifier: 'one', key });

  it('may have keys that cannot be used beside one that can', async () => {
    const usable = { key_identifier: 'two', key: pemOf('P-256') };
    const server = await publishing(published(pemOf('P-384')), published(rsa.toString()), published('x'), usable);
    expect((await readFrom(server, 'two'))?.equals(createPublicKey(usable.key))).toBe(true);
  });

  it.each([
    ['without keys', () => publishing()],
    ['with a key of another curve', () => publishing(published(pemOf('P-384')))],
    ['with an RSA key', () => publishing(published(rsa.toString()))],
    ['with a number as the key', () => publishing({ key_identifier: 'one', key: 7 })],
    ['with a list', () => answering('[]')],
    ['that is not JSON', () => answering('<html>')],
    ['that is empty', () => answering('')],
    [
      'over 64 KB',
      () => answering(JSON.stringify({ public_keys: [published(pemOf('P-256'))], padding: 'x'.repeat(65_536) })),
    ],
    ['with status 403, as above the rate limit', () => answering('{"message":"API rate limit exceeded"}', 403)],
    ['with status 304 to an unconditional request', () => answering('', 304)],
  ])('%s is as none', async (_what, serve) => {
    await expect(readFrom(await serve(), 'one')).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      details: { dependency: 'github' },
    });
  });
});

it('from another address than GitHub’s is not read', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const other = await publishing({ key_identifier: 'one', key });
  const moved = await listen(
    createServer((_request, response) => response.writeHead(302, { location: other.url }).end()),
  );
  try {
    await expect(readFrom(moved, 'one')).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  } finally {
    await other.close();
  }
});

describe('the keys in memory', () => {
  const api = apiForTests();
  afterEach(() => jest.restoreAllMocks());
  const report = () => api.send(reportEvent(api.scanning.report([matchOf('unknown')])));
  const accepted = { status: 200 };
  const refused = failure(400, 'BAD_REQUEST', 'Invalid report');
  /** Reports whose key ID is invented. */
  const forged = async (count: number) => {
    const { headers, body } = api.scanning.report([]);
    const invented = { ...headers, 'github-public-key-identifier': 'f'.repeat(64) };
    const answers = [];
    for (let n = 0; n < count; n += 1) answers.push(await api.send(reportEvent({ headers: invented, body })));
    return answers;
  };

  it('are read with the first report, by ten at once with one call', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, report));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(await report()).toMatchObject(accepted);
    expect(api.github.calls).toHaveLength(1);
  });

  it('are read again after five minutes, with a conditional request', async () => {
    await report();
    afterMinutes(6);
    expect(await report()).toMatchObject(accepted);
    expect(api.github.answers.map((answer) => answer.length > 0)).toEqual([true, false]);
    // Its 304 counts as a read.
    expect(await report()).toMatchObject(accepted);
    expect(api.github.calls).toHaveLength(2);
  });

  it('follow a rotation: the new key is accepted within five minutes, the last one as long as GitHub has it', async () => {
    const old = api.scanning.report([]);
    await report();
    api.scanning.rotateKey();
    expect(await report()).toMatchObject(refused);
    expect(await api.send(reportEvent(old))).toMatchObject(accepted);
    afterMinutes(6);
    expect(await report()).toMatchObject(accepted);
    expect(await api.send(reportEvent(old))).toMatchObject(accepted);
    api.scanning.rotateKey();
    afterMinutes(6);
    expect(await report()).toMatchObject(accepted);
    expect(await api.send(reportEvent(old))).toMatchObject(refused);
  });

  it('are read once for any number of invented key IDs', async () => {
    expect((await forged(50)).map(({ status }) => status)).toEqual(Array(50).fill(400));
    expect(api.github.calls).toHaveLength(1);
  });

  it.each([
    ['does not answer', noResponse],
    ['is limited', { kind: 'answer', status: 429, body: {} } as const],
    ['answers with an error', { kind: 'answer', status: 500, body: 'oops' } as const],
    ['redirects', { kind: 'answer', status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } } as const],
    ['breaks off', { kind: 'truncate' } as const],
  ])(
    'are missing while GitHub %s: 503 without a call for each, and again after half a minute',
    async (_what, fault) => {
      api.github.fail(/./, fault, always);
      for (let n = 0; n < 5; n += 1) expect(await report()).toMatchObject(unavailable);
      expect(api.github.calls).toHaveLength(1);
      expectLogged(api, { level: 'warn', message: 'github.keys-not-read', dependency: 'github' });
      expectLogged(api, { message: 'request', LeakReportsFailed: 1 });
      api.github.reset();
      afterMinutes(1);
      expect(await report()).toMatchObject(accepted);
    },
  );

  it('are not waited for longer than the function has time', async () => {
    api.github.fail(/./, hang, always);
    const startedAt = Date.now();
    expect(await api.send(reportEvent(api.scanning.report([])), 1_300)).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(1_300);
  });

  it('stay in use for a day while GitHub does not answer, and not for an unknown key', async () => {
    await report();
    api.github.fail(/./, noResponse, always);
    afterMinutes(23 * 60);
    expect(await report()).toMatchObject(accepted);
    expect(await forged(1)).toEqual([expect.objectContaining(unavailable)]);
    afterMinutes(2 * 60);
    expect(await report()).toMatchObject(unavailable);
  });
});
