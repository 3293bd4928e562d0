import { request as send } from 'node:http';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { newCredentials } from '../../local/access';
import { startClerkInstance } from '../../local/clerk-instance';
import { answerDevRequest } from '../../local/dev-requests';
import { startDynamoDb } from '../../local/dynamodb';
import { GitHubSecretScanning, startGitHub } from '../../local/github/secret-scanning';
import { HttpApi } from '../../local/http-api';
import { type LoopbackServer, serve } from '../../local/loopback';
import { startSecretsManager } from '../../local/secrets-manager';
import { issuer, localTemplate } from '../support/api-harness';

const template = localTemplate();
const delivered: string[] = [];
const running: { close(): Promise<void> }[] = [];
const opened = <T extends { close(): Promise<void> }>(one: T): T => {
  running.push(one);
  return one;
};
afterAll(async () => {
  for (const one of running) await one.close();
});

async function startServers() {
  const tables = opened(await startDynamoDb(template));
  const { credentials } = tables;
  const secrets = opened(await startSecretsManager({ id: 's', read: () => 'sk_live_x' }, credentials));
  const clerk = opened(await startClerkInstance({ CLERK_ISSUER: issuer }));
  const { standIn } = clerk;
  if (!standIn) throw new Error('There is no stand-in.');
  const scanning = new GitHubSecretScanning();
  const github = opened(await startGitHub(scanning));
  const background = { events: async () => [], runScheduled: async () => [] };
  const api = new HttpApi(template, new Map());
  const deliver = async (path: string) => {
    delivered.push(path);
    return new Response();
  };
  const dev = { standIn, scanning, background, deliver, verifier: { AWS_ACCESS_KEY_ID: credentials.accessKeyId } };
  const front = opened(
    await serve(async (request, response) => {
      const cors = api.corsHeaders(request);
      if (!(await answerDevRequest(dev, request, response, cors))) await api.handle(request, response);
    }),
  );
  const clerkUrl = clerk.environment.CLERK_API_URL ?? '';
  return {
    tables,
    secrets,
    clerk: { url: clerkUrl, port: Number(new URL(clerkUrl).port) },
    github,
    front,
    credentials,
  };
}
let servers: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  servers = await startServers();
});

type Name = 'tables' | 'secrets' | 'clerk' | 'github' | 'front';
const standIns: Name[] = ['tables', 'secrets', 'clerk', 'github'];

/** Sends a request with headers that `fetch` does not allow. */
function ask({ port }: Pick<LoopbackServer, 'port'>, headers: Record<string, string>, method = 'GET', path = '/') {
  return new Promise<{ status: number | undefined; allowedOrigin: string | undefined }>((resolve, reject) => {
    send({ host: '127.0.0.1', port, method, path, headers, setHost: headers.host === undefined })
      .once('error', reject)
      .once('response', (response) => {
        response.resume();
        resolve({
          status: response.statusCode,
          allowedOrigin: response.headers['access-control-allow-origin'],
        });
      })
      .end();
  });
}
const signed = () => ({ authorization: `AWS4-HMAC-SHA256 Credential=${servers.credentials.accessKeyId}/x` });

describe.each<Name>([...standIns, 'front'])('the local server: %s', (name) => {
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '192.168.0.2', '0.0.0.0', ''])(
    'refuses the host name "%s", as a page has after DNS rebinding',
    async (host) => {
      const { port } = servers[name];
      for (const value of [`${host}:${port}`, host]) {
        expect(await ask(servers[name], { host: value, ...signed() })).toEqual({
          status: 421,
          allowedOrigin: undefined,
        });
      }
    },
  );

  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])('accepts %s with its port only', async (host) => {
    const { port } = servers[name];
    const statusFor = async (value: string) => (await ask(servers[name], { host: value, ...signed() })).status;
    expect(await statusFor(`${host}:${port}`)).not.toBe(421);
    expect(await statusFor(`${host}:${port - 1}`)).toBe(421);
  });
});

describe.each(standIns)('the stand-in: %s', (name) => {
  it.each(['http://localhost:3000', 'http://evil.example', 'null'])(
    'refuses a page of the origin %s, and sends it no CORS header',
    async (origin) => {
      for (const method of ['OPTIONS', 'POST', 'GET']) {
        const headers = { origin, 'access-control-request-method': 'POST', ...signed() };
        expect(await ask(servers[name], headers, method)).toEqual({ status: 403, allowedOrigin: undefined });
      }
    },
  );
});

describe('the stand-ins for AWS', () => {
  const clients = (credentials: ReturnType<typeof newCredentials>) => {
    const options = { region: 'us-east-1', credentials };
    const secrets = ended(new SecretsManagerClient({ ...options, endpoint: servers.secrets.url }));
    const tables = ended(new DynamoDBClient({ ...options, endpoint: servers.tables.url }));
    return {
      readSecret: () => secrets.send(new GetSecretValueCommand({ SecretId: 's' })),
      listTables: () => tables.send(new ListTablesCommand({})),
    };
  };
  const ended = <T extends { destroy(): void }>(client: T): T => {
    opened({ close: async () => client.destroy() });
    return client;
  };

  it('answer a client with the credentials of this run', async () => {
    const { readSecret, listTables } = clients(servers.credentials);
    expect(await readSecret()).toMatchObject({ SecretString: '"sk_live_x"' });
    expect((await listTables()).TableNames).toHaveLength(2);
  });

  it('refuse every other client', async () => {
    const guesses = [newCredentials(), { accessKeyId: 'local', secretAccessKey: 'local' }];
    for (const guess of guesses) {
      const { readSecret, listTables } = clients(guess);
      await expect(readSecret()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
      await expect(listTables()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    }
    for (const server of [servers.secrets, servers.tables]) {
      const post = (headers: Record<string, string>) => fetch(server.url, { method: 'POST', headers, body: '{}' });
      const target = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
      expect((await post(target)).status).toBe(400);
      expect((await post({ ...target, authorization: servers.credentials.accessKeyId })).status).toBe(400);
    }
  });
});

it('each run has other credentials for AWS and another secret key for Clerk', async () => {
  const others = await startServers();
  expect(others.credentials.accessKeyId).not.toBe(servers.credentials.accessKeyId);
  const [one, two] = [await startClerkInstance({}), await startClerkInstance({})].map(opened);
  expect(one?.secret.secretKey).not.toBe(two?.secret.secretKey);
});

describe('/dev/*', () => {
  const calls = [
    ['GET', '/dev/users'],
    ['GET', '/dev/token'],
    ['POST', '/dev/ban-user?user=user_2kBannedAndBack000000000001'],
    ['POST', '/dev/unban-user?user=user_2kBannedAndBack000000000001'],
    ['POST', '/dev/delete-user'],
    ['POST', '/dev/delete-organization?org=org_2kLocalOrganization00000001'],
  ] as const;

  it('refuses a page of an origin that the stage does not allow, before anything happens', async () => {
    for (const origin of ['http://evil.example', `https://localhost:${servers.front.port}`, 'null']) {
      for (const [method, path] of calls) {
        expect(await ask(servers.front, { origin }, method, path)).toEqual({ status: 403, allowedOrigin: undefined });
      }
    }
    expect(delivered).toEqual([]);
  });

  it('answers a program, the own page, and a page of an allowed origin', async () => {
    const own = `http://localhost:${servers.front.port}`;
    const requests: Record<string, string>[] = [
      {},
      { origin: own, host: new URL(own).host },
      { origin: 'http://localhost:5173' },
    ];
    for (const headers of requests) {
      for (const [method, path] of calls) {
        expect(await ask(servers.front, headers, method, path)).toMatchObject({ status: 200 });
      }
    }
    expect(delivered).toHaveLength(requests.length * calls.filter(([method]) => method === 'POST').length);
  });

  it('gives the credentials of the tables to programs and to no page', async () => {
    const verifier = (headers: Record<string, string>) => ask(servers.front, headers, 'GET', '/dev/verifier');
    expect(await verifier({})).toMatchObject({ status: 200 });
    const own = `http://localhost:${servers.front.port}`;
    const pages: Record<string, string>[] = [
      { origin: own, host: new URL(own).host },
      { origin: 'http://localhost:5173' },
    ];
    for (const headers of pages) {
      expect(await verifier(headers)).toMatchObject({ status: 403 });
    }
  });
});
