import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { noWebPage } from '../access';
import { type LoopbackServer, serve } from '../loopback';

/** A request that GitHub sends. */
export interface SignedReport {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A key pair of GitHub's, new in each process. */
class SigningKey {
  readonly pem: string;
  readonly id: string;
  readonly privateKey: KeyObject;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = privateKey;
    this.pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    this.id = createHash('sha256').update(this.pem).digest('hex');
  }
}

/** Signs reports as GitHub's secret scanning does, and publishes the public keys. */
export class GitHubSecretScanning {
  private keys = [new SigningKey()];

  /** The public keys, as GitHub's API answers them. The first is the current one. */
  published(): object {
    const public_keys = this.keys.map(({ id, pem }, index) => ({
      key_identifier: id,
      key: pem,
      is_current: index === 0,
    }));
    return { public_keys };
  }

  /** Signs with a new key from now on, and withdraws all but the last. */
  rotateKey(): void {
    this.keys = [new SigningKey(), ...this.keys.slice(0, 1)];
  }

  /**
   * The report of these matches.
   * @param body what is signed. Default: the matches.
   */
  report(matches: readonly unknown[], body = JSON.stringify(matches)): SignedReport {
    const [key] = this.keys as [SigningKey];
    return {
      headers: {
        'content-type': 'application/json',
        'github-public-key-identifier': key.id,
        'github-public-key-signature': sign('sha256', Buffer.from(body), key.privateKey).toString('base64'),
      },
      body,
    };
  }
}

/** A match in GitHub's report. */
export const matchOf = (token: string, type = 'satori_api_key') => ({
  token,
  type,
  url: 'https://github.com/octocat/Hello-World/blob/12345600b9cbe38a219f39a9941c9319b600c002/foo/bar.txt',
  source: 'commit',
});

/** The path of the public keys in GitHub's API. */
export const githubKeysPath = '/meta/public_keys/secret_scanning';

/** A stand-in for the part of GitHub's API that the service calls. It answers conditional requests with 304. */
export async function startGitHub(scanning: GitHubSecretScanning): Promise<LoopbackServer> {
  const listener: Parameters<typeof serve>[0] = async (request, response) => {
    if (request.method !== 'GET' || request.url !== githubKeysPath) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
      return;
    }
    const body = JSON.stringify(scanning.published());
    const etag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
    const unchanged = request.headers['if-none-match'] === etag;
    response.writeHead(unchanged ? 304 : 200, { 'content-type': 'application/json', etag });
    response.end(unchanged ? undefined : body);
  };
  return await serve(listener, 0, noWebPage);
}
