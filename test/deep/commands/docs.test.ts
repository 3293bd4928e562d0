import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { blockChecks, commandChecks } from '../../support/document-checks';
import { blockOf, inlineCommand, root } from '../../support/documents';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';
import { awsCli } from './aws-cli';
import { pathOf, shell } from './shell';

// The commands of the documents, run as they stand there against `npm start`. Only the sample ID, the ports and the
// values that the text shows as `…` are replaced.

jest.setTimeout(120_000);

let local: LocalProcess;
let env: NodeJS.ProcessEnv;
let otherId: string;
beforeAll(async () => {
  local = await startLocalProcess();
  const token = await local.token();
  const [{ secret }, { id }] = await Promise.all(
    ['Of the documents', 'To be revoked'].map(async (name) => (await local.create({ name }, token)).json()),
  );
  otherId = id;
  env = { BASE: local.url, CLERK_JWT: token, KEY: secret };
});
afterAll(() => local.stop());

/** No credentials and settings of the person who runs this test. */
const withoutAccount = {
  ...{ AWS_REGION: 'eu-central-1', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Runs commands. A response with an error status fails them. */
const runWith = (commands: string, programs: Record<string, string> = {}) =>
  shell(
    commands
      .replaceAll('http://localhost:3000', local.url)
      .replaceAll('5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f', otherId)
      .replaceAll('CLERK_JWT=… ', 'CLERK_JWT="$CLERK_JWT" ')
      .replaceAll('pk_live_…', `pk_live_${btoa('clerk.example.com$')}`),
    { env, programs: { curl: `exec ${pathOf('curl')} -f "$@"`, ...programs } },
  );

async function succeed(commands: string): Promise<string> {
  const { status, stdout, stderr } = await runWith(commands);
  if (status !== 0) throw new Error(`${status}\n${stdout}\n${stderr}`);
  return stdout;
}

const textOf = (document: string, start: string) => blockOf(document, start).text;

type Run = (commands: string) => Promise<void>;

const prints =
  (expected: string | RegExp): Run =>
  async (commands) => {
    const printed = await succeed(commands);
    if (typeof expected === 'string') expect(printed).toBe(expected);
    else expect(printed).toMatch(expected);
  };
const success = prints('{"success":true}');
const builtFile = (name: string) => readFileSync(join(root, 'console/dist', name), 'utf8');
const newKey = async (name: string): Promise<{ id: string; secret: string }> =>
  (await local.create({ name }, env.CLERK_JWT ?? '')).json();

/** How each block that is run is run, and what it must print. */
const blocks: Record<string, Record<string, Run>> = {
  'README.md': {
    'npm run console:dev': async (commands) => {
      const [server = '', build = ''] = commands.trim().split('\n');
      await expectServer(server);
      await succeed(build);
      expect(builtFile('index.html')).toContain('<html');
    },
    'BASE=http': (commands) =>
      prints(/^\[/)(`${commands}curl -H "Authorization: Bearer $CLERK_JWT" "$BASE/trpc/keys.list"`),
    'curl -X POST "$BASE/trpc/keys.create"': async (commands) => {
      const shown = JSON.parse(textOf('README.md', '{\n  "id"'));
      const key = JSON.parse(await succeed(commands));
      expect(Object.keys(key)).toEqual(Object.keys(shown));
      expect(key.name).toBe(shown.name);
    },
    '# With scopes': prints(/"scopes":\["docs:read"\],"expiresAt":"2099-01-31T00:00:00.000Z"/),
    '# For the active organization': async (commands) => {
      const token = await local.token(undefined, 'org_2kLocalOrganization00000001');
      await prints(/"owner":"organization"/)(`CLERK_JWT=${token}\n${commands}`);
    },
    'curl "$BASE/trpc/keys.list"': prints(
      /^\[\{"id".*\}\]\[.*\]\{"success":true\}\{"id":".*"name":"Of the documents","scopes":\[\],"expiresAt":null\}$/,
    ),
    'curl -X POST "$BASE/trpc/keys.rotate"': async (commands) => {
      // The key that the sample ID stood for was revoked above.
      otherId = (await newKey('To be rotated')).id;
      await prints(/"previousSecret":\{"gracePeriodSeconds":3600,"expiresAt":null\}/)(commands);
    },
    'curl -X POST "$BASE/trpc/keys.revokeSelf"': success,
    'CLERK_JWT=… npm run smoke': prints(/All \d+ checks passed in .*All 3 checks passed in /s),
  },
  'docs/contract.md': { 'curl -fsS -D -': prints(/access-control-allow-origin: http:\/\/localhost:5173/) },
  'docs/console.md': {
    'VITE_API_URL=': async (commands) => {
      await succeed(commands);
      expect(builtFile('build.json')).toMatch(/https:\/\/keys\.example\.com.*https:\/\/clerk\.example\.com/s);
    },
    'curl -sI': (commands) => prints(/^([^\n]+\n){4}$/)(commands.replace('https://console.example.com', local.url)),
  },
  'docs/verifying.md': {
    'node --env-file=': async (commands) => {
      // The server is a program that verifies a key and prints the result.
      const server = join(mkdtempSync(join(tmpdir(), 'satori-keys-server-')), 'server.ts');
      writeFileSync(
        server,
        `import { createKeyVerifier } from '${root}/packages/verify/index';
         createKeyVerifier().verify(process.env.KEY).then((result) => console.log(JSON.stringify(result)));`,
      );
      const node = `exec ${process.execPath} --import tsx "$1" ${server}`;
      const { secret } = await newKey('For a server');
      const { stdout, stderr } = await runWith(`export KEY=${secret}\n${commands}`, { node });
      expect([stdout, stderr]).toEqual([expect.stringContaining('"valid":true'), expect.not.stringContaining('Error')]);
    },
  },
  'docs/security.md': { 'curl -X POST "$BASE/trpc/keys.revokeSelf"': success },
  'docs/production-checks.md': {
    'curl -sS -w \'\\n%{http_code}\\n\' "$BASE/health"': async (commands) => {
      // These are meant to fail.
      const { stdout } = await shell(commands, { env });
      expect(stdout.match(/^\d{3}$/gm)).toEqual(['431', '413', '404', '204', '200']);
      expect(stdout).not.toContain('access-control-');
    },
    "curl -fsS -o /dev/null -w '%{time_total}": prints(/^[\d.]+ s$/m),
  },
  'docs/operations.md': {
    '$ npm run restore': async (shown) => {
      const command = /^\$ (.+)$/m.exec(shown)?.[1] ?? '';
      // The command line is right. There is no account.
      const { status, stderr } = await shell(`TABLE_NAME=keys\n${command}`, { env: withoutAccount });
      expect([status, stderr]).toEqual([1, expect.not.stringContaining('Usage')]);
    },
  },
};

const aToken = prints(/^\w+\.\w+\.[\w-]+$/);
const dev = 'http://localhost:3000/dev';
const ofGrace = 'user=user_2kAnotherDeveloper000000002';
const ofAcme = 'org=org_2kLocalOrganization00000001';
const inline: Record<string, readonly [document: string, Run]> = {
  [`curl '${dev}/token?${ofGrace}'`]: ['docs/development.md', aToken],
  [`curl '${dev}/token?${ofAcme}&role=admin'`]: ['docs/development.md', aToken],
  [`curl -X POST '${dev}/ban-user?${ofGrace}'`]: ['docs/development.md', prints(/200/)],
  [`curl -X POST '${dev}/delete-organization?${ofAcme}'`]: ['docs/development.md', prints(/200/)],
  [`curl -X POST '${dev}/report-leak' -H "x-api-key: $KEY"`]: [
    'docs/development.md',
    prints(/"label":"true_positive"/),
  ],
  [`curl ${dev}/events`]: ['docs/events.md', prints(/"source":"satori-keys"/)],
  [`curl -X POST ${dev}/maintenance`]: ['docs/development.md', prints('[{"outcome":"finished"}]')],
  'curl "$BASE/health"': ['README.md', prints('{"status":"ok"}')],
  'CLERK_JWT=… npm run smoke -- --url "$BASE"': ['docs/operations.md', prints(/^All 22 checks passed in /m)],
  'curl -s -o /dev/null -w \'%{http_code}\\n\' "$BASE/trpc/keys.list%3Finput"': [
    'docs/production-checks.md',
    async (command) => expect((await shell(command, { env })).stdout).toMatch(/^4\d\d$/m),
  ],
};

it('runs each block and each command that is to be run', () => {
  const listed = Object.entries(blockChecks).flatMap(([document, checks]) =>
    Object.keys(checks).flatMap((start) => (checks[start] === 'run' ? [`${document} ${start}`] : [])),
  );
  const known = Object.entries(blocks).flatMap(([document, runs]) =>
    Object.keys(runs).map((start) => `${document} ${start}`),
  );
  expect(known.sort()).toEqual(listed.sort());
  const commands = Object.keys(commandChecks).filter((command) => commandChecks[command] === 'run');
  expect(Object.keys(inline).sort()).toEqual(commands.sort());
});

const cases = Object.entries(blocks).flatMap(([document, runs]) =>
  Object.entries(runs).map(([start, check]) => [document, start, check] as const),
);
it.each(cases)('%s: %s', (document, start, check) => check(textOf(document, start)));

it.each(Object.entries(inline))('%s', (command, [document, check]) => check(inlineCommand(document, command)));

it('docs/development.md: aws dynamodb scan, with what npm start prints', async () => {
  const command = inlineCommand(
    'docs/development.md',
    'aws dynamodb scan --region us-east-1 --table-name TABLE --endpoint-url URL',
  );
  const [, table = '', url = ''] = /Tables {2}(\S+), \S+ at (\S+) /.exec(local.output()) ?? [];
  const printed = /AWS_ACCESS_KEY_ID=\S+ AWS_SECRET_ACCESS_KEY=\S+/.exec(local.output())?.[0];
  const scan = `${printed} ${command.replace('TABLE', table).replace('URL', url).replace('aws', awsCli())}`;
  expect(JSON.parse(await succeed(scan)).Count).toBeGreaterThan(0);
});

/** Starts a development server, and stops it when it has printed its address. */
async function expectServer(command: string): Promise<void> {
  const child = spawn('bash', ['-c', command], { cwd: root, detached: true });
  let output = '';
  const printed = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      // Vite prints colours where the variable CI is set.
      output += stripVTControlCharacters(String(chunk));
      if (/http:\/\/localhost:\d+/.test(output)) resolve();
    });
    child.once('exit', () => reject(new Error(`It ended:\n${output}`)));
    setTimeout(() => reject(new Error(`No address after a minute:\n${output}`)), 60_000).unref();
  });
  try {
    await printed;
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
  }
}
