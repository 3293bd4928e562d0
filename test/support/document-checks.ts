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

const install = { test: 'test/deep/commands/install.test.ts' };
const deploy = { test: 'test/deep/deploy/deploy.test.ts' };
const field = { test: 'test/deep/commands/adding-a-field.test.ts' };
const scanners = { test: 'test/secret-scanners.test.ts' };
const ownValues = { test: 'test/deep/commands/own-values.test.ts' };
const diagram = { shows: 'a diagram' };
const output = { shows: 'the output of a command' };

/**
 * How each code block is tested, by its document and the start of its text. If you add a block, add it here; test/docs.test.ts
 * fails otherwise.
 */
export const blockChecks: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  'README.md': {
    'npm ci && npm start': install,
    'npm run console:dev': 'run',
    sequenceDiagram: diagram,
    'BASE=http': 'run',
    'curl -X POST "$BASE/trpc/keys.create"': 'run',
    '{\n  "id"': 'json',
    '# With scopes': 'run',
    'curl "$BASE/trpc/keys.list"': 'run',
    '# For the active organization': 'run',
    'curl -X POST "$BASE/trpc/keys.rotate"': 'run',
    'curl -X POST "$BASE/trpc/keys.revokeSelf"': 'run',
    'import { createTRPCClient': 'types',
    'import { useClerk': 'types',
    'import { ApiKeyAuthorizer }': 'types',
    'npx cdk deploy -a': deploy,
    'curl -fsS -D -': 'run',
    'CLERK_JWT=… npm run smoke': 'run',
  },
  'docs/adding-a-field.md': {
    'export const keyItem': field,
    'items.ts: error': field,
    'export const keyView': field,
    'const keyColor': field,
    '  .mutation(': field,
    'export interface KeyRequest': field,
  },
  'docs/contract.md': { '{\n  "id"': 'json' },
  'docs/console.md': {
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
  'docs/operations.md': {
    '$ npx cdk synth': 'cdk',
    ' ✅  satori-keys-dev': output,
    'Stage dev: corsOrigins': output,
    'AWS    account': output,
    'aws cloudformation update-termination-protection': 'aws',
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
    '{\n  "Effect"': 'json',
    'stats count(*)': { shows: 'a query of CloudWatch Logs Insights, which runs in AWS only' },
    'FUNCTION=$(aws': 'aws',
    '$ npm run restored-table': 'run',
    'aws dynamodb update-continuous-backups': 'aws',
    'aws dynamodb update-item': 'aws',
    'aws dynamodb update-table': 'aws',
  },
  'docs/upgrading.md': { 'git clone': ownValues, 'git switch': ownValues },
  'docs/scaling.md': { 'maxWriteUnits:': 'types', 'flowchart TB': diagram },
  'docs/security.md': {
    '<prefix>_<22': { shows: 'the form of a key' },
    'const { crc32 }': scanners,
    'curl -X POST "$BASE/trpc/keys.revokeSelf"': 'run',
    '[extend]': scanners,
    'detectors:': scanners,
  },
};

/** How each inline command is tested that is more than `npm run NAME`. The commands of `aws` and `cdk` are tested by rule. */
export const commandChecks: Readonly<Record<string, Check>> = {
  'npm i -D ../satori-keys': { shows: 'the folder of a clone' },
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
  'curl "$BASE/health"': 'run',
  'CLERK_JWT=… npm run smoke -- --url "$BASE"': 'run',
  'npm run bench -- docs': { test: 'test/tools/bench/bench.test.ts' },
  'npm run bench -- cold': { shows: 'a measurement of minutes' },
  'npm run bench -- import --against main': { shows: 'a measurement of minutes' },
  'gh api repos/OWNER/NAME/actions/oidc/customization/sub': { shows: 'a call that needs a GitHub account' },
  'npx tsc -p console': { shows: 'a part of npm run check' },
};
