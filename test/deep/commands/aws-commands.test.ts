import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { blockChecks } from '../../support/document-checks';
import { blockOf, codeOf, documents } from '../../support/documents';
import { awsCli } from './aws-cli';
import { pathOf, type ShellOptions, shell } from './shell';

// The AWS commands of the documents, run by the AWS CLI without an account. It checks services, operations, options and
// the form of values, and sends the calls to a server on this machine, which answers each one with almost nothing.

jest.setTimeout(120_000);

const stub = createServer(async (request, response) => {
  const body = await text(request);
  const [, action] = /^Action=(\w+)/.exec(body) ?? [];
  if (action) response.end(`<${action}Response><${action}Result/></${action}Response>`);
  else if (request.url?.includes('list-type')) response.end('<ListBucketResult/>');
  else response.end('{"Table":{"TableStatus":"ACTIVE"}}');
}).listen(0, '127.0.0.1');
let options: ShellOptions;

beforeAll(async () => {
  if (!stub.listening) await once(stub, 'listening');
  const url = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`;
  const cli = awsCli();
  const names = 'BUCKET_NAME TABLE_NAME SECRET_NAME FUNCTION KEY_ID ALARM_TOPIC_ARN API_ID LOGS CERTIFICATE'.split(' ');
  options = {
    env: {
      ...Object.fromEntries(names.map((name) => [name, `${name.toLowerCase()}-of-twenty-characters`])),
      ...{ STACK: 'satori-keys-staging', CLERK_JWT: 'token', OTHER_REGION: 'eu-west-1', BASE: url },
      ...{ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1', AWS_ENDPOINT_URL: url },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' },
    },
    programs: {
      // A command without options is named, not shown. Nothing is uploaded. An empty answer would be an invalid name.
      aws: `
        case "$*" in *--*) ;; *) exec ${cli} "$@" --generate-cli-skeleton input ;; esac
        [ "$1" = s3 ] && set -- "$@" --dryrun
        answer=$(${cli} "$@") || exit
        echo "\${answer:-name}"`,
      curl: `exec ${pathOf('curl')} "\${@/https:*amazonaws.com/${url}}"`,
      npx: 'exit 0',
    },
  };
});
afterAll(() => stub.close());

const blocks = documents.flatMap((document) =>
  Object.entries(blockChecks[document] ?? {})
    .filter(([, check]) => check === 'aws')
    .map(([start]) => [document, start] as const),
);
// docs.test.ts runs the command with the URL of the local table.
const isCall = (code: string) => /^aws \w+ \w/.test(code) && !code.includes('--endpoint-url URL');
const inline = [...new Set(documents.flatMap(codeOf).filter(isCall))];

it.each(blocks)('%s: %s', async (document, start) => {
  // Fewer requests than in the text.
  const commands = blockOf(document, start).text.replace('seq 2000', 'seq 3');
  expect(await shell(commands, options)).toMatchObject({ status: 0, stderr: '' });
});

it.each(inline)('%s', async (command) => {
  expect(await shell(command, options)).toMatchObject({ status: 0, stderr: '' });
});

it.each([
  ['an unknown operation', 'aws dynamodb update-itm --table-name keys', /Invalid choice/],
  ['an unknown option', 'aws dynamodb delete-table --table-name keys --forced', /Unknown options/],
  ['a missing option', 'aws lambda get-alias --function-name keys', /arguments are required/],
])('a command with %s fails', async (_what, command, message) => {
  const { status, stderr } = await shell(command, options);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(message);
});
