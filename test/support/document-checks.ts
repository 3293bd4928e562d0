/** How a code block is tested. */
export type Check =
  /** Compiled: test/docs.test.ts. */
  | 'types'
  /** Parsed: test/docs.test.ts. */
  | 'json'
  /** Run against `npm start`: test/deep/commands/docs.test.ts. */
  | 'run'
  /** Its AWS calls are run without an account: test/deep/commands/aws-commands.test.ts. */
  | 'aws'
  /** Its CDK commands are tried without an account, as all are: test/deep/commands/cdk-commands.test.ts. */
  | 'cdk'
  /** Read by another test. */
  | { readonly test: string }
  /** Nothing that can run. */
  | { readonly shows: string };

const installed = { test: 'test/deep/install/cdk.test.ts' };
const install = { test: 'test/deep/commands/install.test.ts' };
const deploy = { test: 'test/deep/deploy/deploy.test.ts' };
const field = { test: 'test/deep/commands/adding-a-field.test.ts' };
const scanners = { test: 'test/secret-scanners.test.ts' };
const frameworks = { test: 'test/deep/frameworks/examples.test.ts' };
const rights = { test: 'test/packages/rights.test.ts' };
const ownValues = { test: 'test/deep/commands/own-values.test.ts' };
const keysCommand = { test: 'test/deep/rights/keys-command.test.ts' };
const output = { shows: 'the output of a command' };

/** How code blocks are tested by their language, unless they are listed below. */
export const languageChecks: Readonly<Record<string, Check>> = {
  ts: 'types',
  tsx: 'types',
  json: 'json',
  mermaid: { shows: 'a diagram' },
};

/**
 * How each other code block is tested, by its document and the start of its text. If you add a block, add it here;
 * test/docs.test.ts fails otherwise.
 */
export const blockChecks: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  'README.md': {
    'npm ci && npm start': install,
    'npm run console:dev': 'run',
    'BASE=http': 'run',
    'curl -X POST "$BASE/trpc/keys.create"': 'run',
    '# With scopes': 'run',
    'curl "$BASE/trpc/keys.list"': 'run',
    '# For the active organization': 'run',
    'curl -X POST "$BASE/trpc/keys.rotate"': 'run',
    'curl -X POST "$BASE/trpc/keys.revokeSelf"': 'run',
    'npx cdk deploy -a': deploy,
    'CLERK_JWT=… npm run smoke': 'run',
  },
  'docs/adding-a-field.md': {
    'export const keyItem': field,
    'key-view.ts: error': field,
    'export const keyView': field,
    'const keyColor': field,
    '  .mutation(': field,
    'export interface KeyRequest': field,
  },
  'docs/contract.md': { 'curl -fsS -D -': 'run' },
  'docs/console.md': {
    'import { QueryClient,': { test: 'test/deep/install/react.test.ts' },
    'VITE_API_URL=': 'run',
    'Content-Security-Policy:': { test: 'test/console/headers.test.ts' },
    'npx cdk deploy -a': 'aws',
    'curl -sI': 'run',
  },
  'docs/deploy-from-github.md': {
    'aws iam create-open-id-connect-provider': 'aws',
    'REPOSITORY=': 'cdk',
    'npx cdk deploy satori-keys-dev-deploy-role': 'cdk',
  },
  'docs/design.md': { '<prefix>_<22': { shows: 'the form of a key' } },
  'docs/installing.md': {
    'npm ci && npm run pack': installed,
    'npm install ./satori': installed,
    'npx cdk deploy\n': { test: 'test/deep/install/commands.test.ts' },
    'npm install -D': { test: 'test/deep/install/frontend.test.ts' },
  },
  'docs/operations.md': {
    '$ npx cdk synth': 'cdk',
    ' ✅  satori-keys-dev': output,
    'Stage dev: corsOrigins': output,
    'AWS    account': output,
    'aws cloudformation update-termination-protection': 'aws',
    '{\n  "Effect"': 'json',
    'stats count(*)': { shows: 'a query of CloudWatch Logs Insights, which runs in AWS only' },
    'FUNCTION=$(aws': 'aws',
    'aws dynamodb restore-table-to-point-in-time': 'aws',
    '$ npm run restore': 'run',
    '{\n  "Version"': keysCommand,
    'aws dynamodb update-table': 'aws',
  },
  'docs/production-checks.md': {
    'STACK=satori': 'aws',
    'curl -sS -w \'\\n%{http_code}\\n\' "$BASE/health"': 'run',
    'seq 2000': 'aws',
    'aws lambda get-alias': 'aws',
    'curl -fsS "$BASE/health"': 'aws',
    'aws sns': 'aws',
    'aws logs filter-log-events --log-group-name "$LOGS" --filter-pattern \'{ $.error = "ClerkSecretUnusable"': 'aws',
    'aws logs filter-log-events --log-group-name "$LOGS" --filter-pattern \'{ $.message': 'aws',
    'aws dynamodb describe-table': 'aws',
    'aws cloudtrail': 'aws',
    "curl -fsS -o /dev/null -w '%{time_total}": 'run',
  },
  'docs/upgrading.md': { 'git clone': ownValues, 'git switch': ownValues },
  'docs/verifying.md': {
    'node --env-file=': 'run',
    '{\n  "Version"': rights,
    'data "aws_iam_policy_document"': rights,
    'import { createTestKeys }': frameworks,
    'import type { TestKeys }': frameworks,
  },
  'docs/security.md': {
    '<prefix>_<22': { shows: 'the form of a key' },
    'const { crc32 }': scanners,
    'curl -X POST "$BASE/trpc/keys.revokeSelf"': 'run',
    '[extend]': scanners,
    'detectors:': scanners,
    'name: satori_api_key': scanners,
  },
};

/** How each inline command is tested that is more than `npm run NAME`. The commands of `aws` and `cdk` are tested by rule. */
export const commandChecks: Readonly<Record<string, Check>> = {
  'npm install @trpc/react-query @tanstack/react-query': { test: 'test/deep/install/react.test.ts' },
  'npx satori-keys --help': { test: 'test/deep/install/commands.test.ts' },
  'npm publish': { test: 'test/tools/package.test.ts' },
  'npm publish ./dist/satori-keys-0.1.0.tgz': { shows: 'a registry' },
  'curl -s -o /dev/null -w \'%{http_code}\\n\' "$BASE/trpc/keys.list%3Finput"': 'run',
  'npm run clerk-secret -- --stage dev': deploy,
  'npm run clerk-secret -- --stage prod': deploy,
  'PORT=3001 npm start': { test: 'test/deep/local/start-errors.test.ts' },
  'npm start -- --data ./data': { test: 'test/deep/local/records.test.ts' },
  'npm start -- --clerk-api-url URL': { test: 'test/local/clerk-instance.test.ts' },
  "curl 'http://localhost:3000/dev/token?user=user_2kAnotherDeveloper000000002'": 'run',
  "curl 'http://localhost:3000/dev/token?org=org_2kLocalOrganization00000001&role=admin'": 'run',
  "curl -X POST 'http://localhost:3000/dev/ban-user?user=user_2kAnotherDeveloper000000002'": 'run',
  "curl -X POST 'http://localhost:3000/dev/delete-organization?org=org_2kLocalOrganization00000001'": 'run',
  'curl -X POST \'http://localhost:3000/dev/report-leak\' -H "x-api-key: $KEY"': 'run',
  'curl http://localhost:3000/dev/events': 'run',
  'curl -X POST http://localhost:3000/dev/maintenance': 'run',
  'curl "$BASE/health"': 'run',
  'CLERK_JWT=… npm run smoke -- --url "$BASE"': 'run',
  'npm run leak-patterns --silent -- --stage prod --format gitleaks': {
    test: 'test/deep/commands/leak-patterns.test.ts',
  },
  'npm run keys -- list --stage prod --owner OWNER_ID': keysCommand,
  'npm run keys -- show KEY_ID --stage prod': keysCommand,
  'npm run keys -- show --secret --stage prod': keysCommand,
  'npm run keys -- revoke KEY_ID --stage prod': keysCommand,
  'npm run keys -- revoke --secret --reason exposed --stage prod': keysCommand,
  'npm run keys -- revoke --owner OWNER_ID --stage prod': keysCommand,
  'npm run keys -- stats --stage prod': keysCommand,
  'npm run bench -- docs': { test: 'test/tools/bench/bench.test.ts' },
  'npm run bench -- cold': { shows: 'a measurement of minutes' },
  'npm run bench -- import --against main': { shows: 'a measurement of minutes' },
  'gh api repos/OWNER/NAME/actions/oidc/customization/sub': { shows: 'a call that needs a GitHub account' },
  'npx tsc -p console': { shows: 'a part of npm run check' },
};
