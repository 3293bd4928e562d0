import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as z from 'zod/mini';
import { checkedStage, checkedStages, StageError } from '../../lib/stages/check';
import { type Stage, type StageValues, stageSchema } from '../../lib/stages/schema';

// What may stand in stages.config.ts, and the error for what may not.

const required: StageValues = {
  clerkIssuer: 'https://clerk.acme.test',
  authorizedParties: ['https://app.acme.test'],
  clerkInstance: 'production',
  corsOrigins: ['https://app.acme.test'],
  keyPrefix: 'sk_acme',
};
const hostedZone = { id: 'Z1', name: 'acme.test' };
const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/x';

type Given = Readonly<Record<string, unknown>>;
/** The lines of the error for a stage with changed values; none if it is valid. */
const problemsOf = (changes: Given) => problemsOfAll({ prod: { ...required, ...changes } });
function problemsOfAll(stages: Given): string[] {
  try {
    checkedStages(stages);
    return [];
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    return error.message.split('\n');
  }
}
const checked = (changes: Partial<StageValues>) => checkedStage('prod', { ...required, ...changes });

it('five values are required, and each of the others has a default', () => {
  expect(problemsOfAll({ prod: {} }).map((line) => line.split('.')[0])).toEqual(
    Object.keys(required).map((field) => `Stage prod: ${field} is missing`),
  );
  expect(checked({})).toEqual({
    ...required,
    previousKeyPrefixes: [],
    maxKeysPerOwner: 100,
    keysPerOwnerPerHour: 30,
    revokedKeyRetentionDays: 90,
    scopes: {},
    defaultScopes: [],
    organizationRoles: { view: ['admin', 'member'], manage: ['admin'] },
    githubSecretScanning: false,
    throttle: { rate: 200, burst: 400 },
    logRetention: 30,
    recoveryDays: 35,
    retainData: true,
    deletionProtection: false,
    replicaRegions: [],
    gradualDeployment: false,
    alarmRecipients: [],
    runbookUrl: 'docs/operations.md',
  });
});

it('a checked stage is valid: the stack checks its values again', () => {
  const stage = checked({});
  expect(checkedStage('prod', stage)).toEqual(stage);
});

describe('the one spelling of', () => {
  it.each([
    ['https://app.acme.test', 'https://app.acme.test'],
    ['https://App.ACME.test', 'https://app.acme.test'],
    ['HTTPS://app.acme.test/', 'https://app.acme.test'],
    ['https://app.acme.test:443', 'https://app.acme.test'],
    ['https://app.acme.test:443/', 'https://app.acme.test'],
    ['https://app.acme.test:8443', 'https://app.acme.test:8443'],
    ['https://xn--bcher-kva.test', 'https://xn--bcher-kva.test'],
    ['https://10.0.0.5', 'https://10.0.0.5'],
    ['http://localhost:80', 'http://localhost'],
    ['http://localhost:5173/', 'http://localhost:5173'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('the origin %s', (given, spelled) => {
    const { authorizedParties, corsOrigins } = checked({ authorizedParties: [given], corsOrigins: [given] });
    expect([authorizedParties, corsOrigins]).toEqual([[spelled], [spelled]]);
  });

  it.each([
    ['https://Clerk.acme.test/', 'https://clerk.acme.test'],
    ['https://acme.test/__clerk', 'https://acme.test/__clerk'],
    ['https://Acme.test:443/Auth/', 'https://acme.test/Auth'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('the issuer %s', (given, spelled) => {
    expect(checked({ clerkIssuer: given }).clerkIssuer).toBe(spelled);
  });

  it('DNS names', () => {
    const domain = { name: 'Keys.acme.test.', hostedZone: { id: 'Z1', name: 'Acme.test.' } };
    expect(checked({ domain }).domain).toEqual({ name: 'keys.acme.test', hostedZone });
  });
});

it('an authorized party can be a browser extension or a mobile app, and a CORS origin cannot', () => {
  for (const origin of ['chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'capacitor://localhost']) {
    expect(problemsOf({ authorizedParties: [origin] })).toEqual([]);
    expect(problemsOf({ corsOrigins: [origin] })).toHaveLength(1);
  }
});

/** Values that are refused one by one, with what the error says about their form and its example. */
const refused: Readonly<Record<string, { values: unknown[]; form: string; example: string }>> = {
  clerkIssuer: {
    values: [
      ...['', 'clerk.acme.test', 'http://clerk.acme.test', 'https://clerk.acme.test?x=1', 'https://clerk.acme.test//'],
      ...['https://u:p@clerk.acme.test', 'https:clerk.acme.test', ' https://clerk.acme.test', 'https://a.test/../b', 7],
    ],
    form: 'https://HOST',
    example: '"https://clerk.acme.com"',
  },
  clerkInstance: {
    values: ['prod', true, null],
    form: "'development', 'production' or 'either'",
    example: '"production"',
  },
  clerkSecretName: {
    values: ['', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbCdEf', 'my secret', 'sk_test_short'],
    form: 'the name of a secret in Secrets Manager, not its ARN',
    example: '"acme/clerk"',
  },
  keyPrefix: {
    values: [
      ...['', 'sk-acme', 'sk__acme', '_acme', 'acme_', '1acme', 'sk acme', 'schlüssel', 'a'.repeat(33), 'sk_live'],
      'SK_test_x',
    ],
    form: 'words of letters and digits joined by single underscores, at most 32 characters',
    example: '"sk_acme"',
  },
  account: { values: [111122223333, '1111', 'acme'], form: '12 digits', example: '"111122223333"' },
  region: { values: ['Frankfurt', 'eu-central', 'EU-CENTRAL-1'], form: 'an AWS Region', example: '"eu-central-1"' },
  corsOrigins: { values: [[], 'https://a.test', null], form: 'at least 1 origin', example: '["https://app.acme.com"]' },
  authorizedParties: { values: [[], 'https://a.test'], form: 'at least 1 origin', example: '["https://app.acme.com"]' },
  logRetention: { values: [0, 2, 31, 9999, '30'], form: '7, 14, 30,', example: '30' },
  recoveryDays: { values: [0, 36, 1.5, '7'], form: 'a whole number from 1 to 35', example: '35' },
  retainData: { values: ['yes', 1], form: 'true or false', example: 'true' },
  deletionProtection: { values: ['no'], form: 'true or false', example: 'true' },
  githubSecretScanning: { values: ['on'], form: 'true or false', example: 'true' },
  gradualDeployment: { values: [0], form: 'true or false', example: 'true' },
  runbookUrl: {
    values: ['', 'docs', 'file:///x', 5],
    form: 'the URL of docs/operations.md',
    example: 'operations.md"',
  },
  throttle: { values: [5, null], form: 'an object with rate and burst', example: '{"rate":200,"burst":400}' },
  domain: { values: ['keys.acme.test'], form: 'an object with name', example: '"name":"keys.acme.com"' },
  maxWriteUnits: { values: [500], form: 'an object with keys, uses or both', example: '{"keys":500,"uses":2000}' },
};
const cases = Object.entries(refused).flatMap(([field, { values, ...said }]) =>
  values.map((value) => ({ field, value, shown: JSON.stringify(value), ...said })),
);

describe('one line names the stage, the value, its form, an example and the file', () => {
  it.each(cases)('$field: $shown', ({ field, value, shown, form, example }) => {
    const [line = '', ...more] = problemsOf({ [field]: value });
    expect(more).toEqual([]);
    expect(line).toMatch(/^Stage prod: .* Set it in stages\.config\.ts\.$/);
    expect(line).toContain(`${field} is ${shown}. Use `);
    expect(line).toContain(form);
    expect(line.split(', such as ')[1]).toContain(example);
  });

  it.each<[what: string, changes: Given, line: string]>([
    ['a missing value', { clerkIssuer: undefined }, 'clerkIssuer is missing. Use the Frontend API URL'],
    ['http', { corsOrigins: ['https://a.test', 'http://a.test'] }, 'corsOrigins[1] is "http://a.test". Use'],
    ['http of a host', { authorizedParties: ['http://a.test'] }, 'authorizedParties[0] is "http://a.test". Use'],
    ['a wrong prefix', { previousKeyPrefixes: ['ok', 'rk_live'] }, 'previousKeyPrefixes[1] is "rk_live". Use words'],
    ['no address', { alarmRecipients: ['a@b.test', '#x'] }, 'alarmRecipients[1] is "#x". Use an e-mail address, such'],
    ['a URL', { domain: { name: 'https://a.test', hostedZone } }, 'domain.name is "https://a.test". Use the DNS name'],
    [
      'a path',
      { domain: { name: 'keys.acme.test', hostedZone: { ...hostedZone, id: '/hostedzone/Z1' } } },
      'domain.hostedZone.id is "/hostedzone/Z1". Use the ID',
    ],
    [
      'no ARN',
      { domain: { name: 'keys.acme.test', certificateArn: 'x' } },
      'domain.certificateArn is "x". Use the ARN',
    ],
    ['half a throttle', { throttle: { rate: 5 } }, 'throttle.burst is missing. Use a whole number of at least 0'],
    ['a negative rate', { throttle: { rate: -1, burst: 1 } }, 'throttle.rate is -1. Use a number of at least 0, such'],
    ['a scope with a blank', { scopes: { 'docs read': 'Read' } }, 'scopes'],
    ['a scope without a description', { scopes: { 'docs:read': '' } }, 'scopes.docs:read is "". Use at most 50 scopes'],
    [
      'scopes too long for a key of one read unit',
      { scopes: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}`.padEnd(80, '-'), 'A scope'])) },
      'scopes is {',
    ],
    [
      'a role with org:',
      { organizationRoles: { view: ['org:admin'], manage: [] } },
      'organizationRoles.view[0] is "org:admin". Use the key of a role',
    ],
    ['no units', { maxWriteUnits: { uses: 0 } }, 'maxWriteUnits.uses is 0. Use a whole number of at least 1, such'],
  ])('%s: %j', (_what, changes, line) => {
    const [found = '', ...more] = problemsOf(changes);
    expect(more).toEqual([]);
    expect(found.startsWith(`Stage prod: ${line}`)).toBe(true);
    expect(found).toMatch(/, such as .+\. Set it in stages\.config\.ts\.$/);
  });

  it.each(['a.test', '*', 'https://*.a.test', ...['/x', '?x', '#', '//'].map((end) => `https://a.test${end}`), 5])(
    '%j is no origin',
    (origin) => {
      const shown = `Stage prod: corsOrigins[0] is ${JSON.stringify(origin)}. Use the origin of`;
      expect(problemsOf({ corsOrigins: [origin] })).toEqual([expect.stringContaining(shown)]);
    },
  );

  it.each([
    [{ corsOrigin: [] }, 'corsOrigin is not a value of a stage.'],
    [{ throttle: { rate: 1, burst: 1, brust: 1 } }, 'throttle.brust is not a value of a stage.'],
    [{ constructor: 1 }, 'constructor is not a value of a stage.'],
  ])('an unknown name: %j', (changes, line) => {
    const [found, ...more] = problemsOf(changes);
    expect(more).toEqual([]);
    expect(found).toMatch(new RegExp(`^Stage prod: ${line} Correct its name or remove it in stages\\.config\\.ts\\.`));
  });

  it.each([{ corsOrigins: ['https://a.test', 'https://A.test/'] }, { alarmRecipients: ['a@b.test', 'a@b.test'] }])(
    'a repetition: %j',
    (changes) => {
      expect(problemsOf(changes)).toEqual([expect.stringContaining('each only once')]);
    },
  );

  it('a key of Clerk in a wrong place is not shown', () => {
    for (const secret of [`sk_live_${'a1'.repeat(20)}`, `sk_test_${'b2'.repeat(20)}`, `whsec_${'c3/='.repeat(9)}`]) {
      const lines = problemsOf({ clerkSecretName: secret, clerkIssuer: secret, [secret]: 1 });
      expect(lines).toHaveLength(3);
      expect(lines.join()).not.toMatch(/a1a1|b2b2|c3/);
    }
  });
});

it('all problems of all stages are named at once', () => {
  const lines = problemsOfAll({
    dev: { ...required, keyPrefix: 'x-y' },
    prod: { ...required, region: 'x', account: 1 },
  });
  expect(lines.map((line) => line.split(' is ')[0])).toEqual([
    'Stage dev: keyPrefix',
    'Stage prod: account',
    'Stage prod: region',
  ]);
});

describe('the numbers of a stage', () => {
  type Fields<Value> = {
    [Field in keyof Stage]-?: Value extends Stage[Field] ? Field : never;
  }[keyof Stage];
  /** The values at the ends of each range, and values outside of it. The compiler names a field that is missing. */
  const numbers: Record<Exclude<Fields<35 | 1_000>, 'logRetention'>, { accepted: number[]; refused: number[] }> = {
    maxKeysPerOwner: { accepted: [1, 1_000_000], refused: [0] },
    keysPerOwnerPerHour: { accepted: [1, 1_000_000], refused: [0] },
    requestsPerMinute: { accepted: [1, 1_000_000], refused: [0] },
    maxKeyLifetimeDays: { accepted: [1, 36_500], refused: [0, 36_501] },
    reservedConcurrency: { accepted: [0, 1_000], refused: [] },
    provisionedConcurrency: { accepted: [1, 1_000], refused: [0] },
    recoveryDays: { accepted: [1, 35], refused: [0, 36] },
    revokedKeyRetentionDays: { accepted: [36, 3_650], refused: [0, 1, 3_651] },
    idleKeyDays: { accepted: [1, 365], refused: [0, 366] },
  };
  const cases = Object.entries(numbers).map(([field, values]) => ({ field, ...values }));

  it.each(cases)('$field: $accepted are accepted', ({ field, accepted }) => {
    for (const value of accepted) expect(problemsOf({ [field]: value })).toEqual([]);
  });

  it.each(cases)('$field: $refused, fractions, negative and infinite numbers are refused', ({ field, refused }) => {
    for (const value of [...refused, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      const [line = ''] = problemsOf({ [field]: value });
      expect(line.startsWith(`Stage prod: ${field} is ${value}. Use a whole number `)).toBe(true);
    }
  });

  it('a throttle can be 0', () => {
    expect(problemsOf({ throttle: { rate: 0, burst: 0 } })).toEqual([]);
  });

  it('logs can be kept as long as CloudWatch Logs allows, and not for ever', () => {
    const known = Object.values(RetentionDays).filter((days) => typeof days === 'number');
    for (const days of known) {
      expect(problemsOf({ logRetention: days })).toHaveLength(days === RetentionDays.INFINITE ? 1 : 0);
    }
  });
});

describe('the name of a stage', () => {
  it.each(['dev', 'prod-eu-1', 'a', 'a'.repeat(20)])('can be %s', (name) => {
    expect(problemsOfAll({ [name]: required })).toEqual([]);
  });

  it.each([
    ...['', 'Prod', '1st', 'a_b', 'a b', 'a--b', 'a-', '-a', 'a'.repeat(21), 'prüfung'],
    ...['local', 'authorizer', 'dev-diff', 'dev-deploy-role'],
  ])('cannot be %j', (name) => {
    const [line, ...more] = problemsOfAll({ [name]: required });
    expect(more).toEqual([]);
    expect(line).toMatch(/^Stage ".*": the name is invalid\. Use at most 20 lower-case letters.*, such as "dev"\.$/);
  });

  it('is needed', () => {
    expect(problemsOfAll({})).toEqual(['There is no stage. Define one in stages.config.ts, such as "dev".']);
  });
});

describe('values that do not go together', () => {
  const replicas =
    /^Stage prod: replicaRegions is .*, and region is .*\. Use two Regions other than the stage's region/;
  it.each<[string, Partial<StageValues>, RegExp]>([
    [
      'a default scope that the stage does not have',
      { scopes: { 'docs:read': 'Read documents' }, defaultScopes: ['docs:write'] },
      /^Stage prod: defaultScopes has docs:write, which is not in scopes\. Add it/,
    ],
    ['replicas without a region', { replicaRegions: ['eu-west-1', 'eu-west-2'] }, replicas],
    ['one replica', { region: 'eu-central-1', replicaRegions: ['eu-west-1'] }, replicas],
    ['a replica in its own Region', { region: 'eu-west-1', replicaRegions: ['eu-west-1', 'eu-west-2'] }, replicas],
    ['a replica in another set', { region: 'eu-west-1', replicaRegions: ['eu-west-2', 'us-east-1'] }, replicas],
    [
      'a domain without proof',
      { domain: { name: 'keys.acme.test' } },
      /domain is keys\.acme\.test with neither a hostedZone and a certificateArn\. Set one of them/,
    ],
    [
      'a domain with two',
      { domain: { name: 'keys.acme.test', hostedZone, certificateArn } },
      /with both a hostedZone and a certificateArn\. Set one/,
    ],
    [
      'a domain in another zone',
      { domain: { name: 'keys.notacme.test', hostedZone } },
      /domain\.name is keys\.notacme\.test, which is not in its hosted zone acme\.test\..*such as keys\.acme\.test/,
    ],
    [
      'a certificate of another Region',
      { region: 'eu-west-1', domain: { name: 'keys.acme.test', certificateArn } },
      /domain\.certificateArn is arn:.*another account or Region/,
    ],
    [
      'a certificate of another account',
      { account: '444455556666', domain: { name: 'keys.acme.test', certificateArn } },
      /domain\.certificateArn is arn:.*another account or Region/,
    ],
    [
      'more provisioned than reserved',
      { reservedConcurrency: 4, provisionedConcurrency: 5 },
      /provisionedConcurrency is 5, more than the reservedConcurrency of 4\./,
    ],
    [
      'revoked keys that are removed while an older table can be restored',
      { recoveryDays: 7, revokedKeyRetentionDays: 7 },
      /revokedKeyRetentionDays is 7, and recoveryDays is 7\. Keep revoked keys for at least 8 days/,
    ],
  ])('%s', (_what, changes, line) => {
    expect(problemsOf(changes)).toEqual([expect.stringMatching(line)]);
  });

  it('are accepted where they do', () => {
    expect(problemsOf({ region: 'eu-central-1', replicaRegions: ['eu-west-1', 'eu-west-2'] })).toEqual([]);
    const domain = { name: 'keys.acme.test', certificateArn };
    expect(problemsOf({ account: '111122223333', region: 'eu-central-1', domain })).toEqual([]);
    expect(problemsOf({ domain: { name: 'acme.test', hostedZone } })).toEqual([]);
  });
});

describe('two stages', () => {
  const both = (one: Partial<StageValues>, two: Partial<StageValues>) =>
    problemsOfAll({ one: { ...required, ...one }, two: { ...required, ...two } });
  const domain = { name: 'keys.acme.test', hostedZone };

  it.each<[string, Partial<StageValues>, Partial<StageValues>, string]>([
    ['one DNS name', { domain }, { domain, region: 'eu-west-1' }, 'domain.name is keys.acme.test'],
    [
      'the secret of another Clerk instance',
      { clerkSecretName: 'x' },
      { clerkSecretName: 'x', clerkIssuer: 'https://b.test' },
      'clerkSecretName is x',
    ],
  ])('cannot have %s', (_what, one, two, problem) => {
    expect(both(one, two)).toEqual([expect.stringContaining(`Stage two: ${problem}, as in the stage one. `)]);
  });

  it('can share a prefix, a Clerk instance and its secret, and have equal names in different Regions', () => {
    expect(both({ clerkSecretName: 'x' }, { clerkSecretName: 'x' })).toEqual([]);
    const elsewhere = { region: 'eu-west-1', clerkSecretName: 'x' };
    expect(both(elsewhere, { ...elsewhere, region: 'us-east-1', clerkIssuer: 'https://b.test' })).toEqual([]);
  });
});

it('every value has a form and an example that is valid', () => {
  const object = { throttle: 5, domain: 5, maxWriteUnits: 5, scopes: 5, organizationRoles: 5 };
  for (const field of Object.keys(stageSchema.shape)) {
    const [line = ''] = problemsOf({ [field]: field in object ? 5 : Symbol.iterator });
    const example = JSON.parse(/, such as (.+)\. Set it in/.exec(line)?.[1] ?? '');
    const lines = problemsOf({ [field]: example }).filter(
      (problem) => !/replicaRegions is|defaultScopes has/.test(problem),
    );
    expect(lines).toEqual([]);
  }
});

type Writable<Value> = Value extends object ? { -readonly [Key in keyof Value]: Writable<Value[Key]> } : Value;

it('the schema takes every value that the types allow, which the compiler checks', () => {
  const taken: Writable<StageValues> extends z.input<typeof stageSchema> ? true : false = true;
  expect(taken).toBe(true);
});
