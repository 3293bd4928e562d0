import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { KeysStack } from '../../lib/keys-stack';
import { noticesIn, samplesIn } from '../../lib/stage-checks';
import { type Stage, StageError, stageNamed } from '../../lib/stages';
import { statementsIn } from '../support/stage-stacks';

// Synthesis prints the warnings about samples.
jest.spyOn(console, 'error').mockImplementation(() => {});

/** The stack of a stage, without the code of its functions. */
const synthesized = (stageName: string, stage: Stage) =>
  new KeysStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), stageName, { stageName, stage });

describe('the stage name', () => {
  const list = 'NAME is one of local, dev, staging, prod.';

  it.each([
    [undefined, `No stage given: add -c stage=NAME, where ${list}`],
    ['production', `Unknown stage "production": add -c stage=NAME, where ${list}`],
    ['toString', `Unknown stage "toString": add -c stage=NAME, where ${list}`],
    ['', `Unknown stage "": add -c stage=NAME, where ${list}`],
  ])('%j is rejected with one line that lists the stages', (name, message) => {
    expect(() => stageNamed(name)).toThrow(new StageError(message));
  });
});

describe('a value that you have to set', () => {
  const configured: Stage = {
    ...stageNamed('prod').stage,
    clerkIssuer: 'https://clerk.acme.test',
    authorizedParties: ['https://app.acme.test'],
    corsOrigins: ['https://app.acme.test', 'https://notexample.com'],
    domain: { name: 'keys.acme.test', hostedZone: { id: 'Z1', name: 'acme.test' } },
    alarmRecipients: ['alarms@acme.test'],
    runbookUrl: 'https://git.acme.test/operations.md',
  };

  it('causes a warning at synthesis while it is a sample', () => {
    const stack = synthesized('prod', stageNamed('prod').stage);
    const fields = ['clerkIssuer', 'authorizedParties', 'corsOrigins', 'domain', 'alarmRecipients', 'runbookUrl'];
    for (const field of fields) {
      const line = Match.stringLikeRegexp(
        `^Stage prod: ${field} is a sample value \\(.*\\)\\. Set your own in lib/stages\\.ts`,
      );
      Annotations.fromStack(stack).hasWarning('*', line);
    }
  });

  it('causes no warning once it is set, or in the stage local', () => {
    expect(samplesIn('prod', configured)).toEqual([]);
    expect(samplesIn('local', stageNamed('local').stage)).toEqual([]);
  });

  it.each([
    ['clerkIssuer', { clerkIssuer: '' }],
    ['authorizedParties', { authorizedParties: [] }],
    ['corsOrigins', { corsOrigins: [] }],
    ['runbookUrl', { runbookUrl: '' }],
  ])('is required: %s', (field, missing) => {
    expect(() => samplesIn('prod', { ...configured, ...missing })).toThrow(
      new StageError(`Stage prod: ${field} is missing. Set it in lib/stages.ts.`),
    );
  });

  it('must be a URL; the error shows the invalid value', () => {
    expect(() => samplesIn('prod', { ...configured, corsOrigins: ['app.acme.test'] })).toThrow(
      new StageError('Stage prod: "app.acme.test" in corsOrigins is not a URL. Fix it in lib/stages.ts.'),
    );
  });
});

describe('a value whose effect depends on what is deployed', () => {
  const protectedStage: Stage = { ...stageNamed('prod').stage, deletionProtection: true };

  it('is explained at synthesis: another keyPrefix without a previous one', () => {
    const keyPrefix = 'sk_acme';
    expect(noticesIn('prod', protectedStage)).toEqual([]);
    expect(noticesIn('prod', { ...protectedStage, keyPrefix, previousKeyPrefixes: ['sk_satori'] })).toEqual([]);
    const stack = synthesized('prod', { ...protectedStage, keyPrefix });
    const notice = Match.stringLikeRegexp('only keys with the prefix sk_acme are accepted.*add.*previousKeyPrefixes');
    Annotations.fromStack(stack).hasInfo('*', notice);
  });

  it('is explained at synthesis: no deletion protection in a stage that keeps its data', () => {
    const stack = synthesized('prod', { ...protectedStage, deletionProtection: false });
    Annotations.fromStack(stack).hasInfo(
      '*',
      Match.stringLikeRegexp('not protected from deletion.*deletionProtection'),
    );
    expect(noticesIn('dev', stageNamed('dev').stage)).toEqual([]);
  });

  it('stops a deployment if the first prefix is no longer accepted', () => {
    const stage = { ...protectedStage, keyPrefix: 'sk_new', previousKeyPrefixes: ['sk_older', 'sk_old'] };
    const template = Template.fromStack(synthesized('prod', stage));
    template.hasParameter('FirstKeyPrefix', { Default: 'sk_new' });
    const { AcceptsFirstKeyPrefix: rule } = template.toJSON().Rules;
    expect(rule.Assertions).toEqual([
      {
        Assert: { 'Fn::Contains': [['sk_new', 'sk_older', 'sk_old'], { Ref: 'FirstKeyPrefix' }] },
        AssertDescription: expect.stringContaining('Add that one to previousKeyPrefixes'),
      },
    ]);
  });
});

describe('an invalid value is rejected at synthesis, with one line that says what to set', () => {
  const regions =
    'us-east-1 us-east-2 us-west-2; eu-west-1 eu-west-2 eu-west-3 eu-central-1; ap-northeast-1 ap-northeast-2 ap-northeast-3';
  const replicas = `Stage prod: replicaRegions needs two Regions other than the stage's region, and all three must be in one of these sets: ${regions}. Set region and replicaRegions in lib/stages.ts.`;
  const proof = 'Stage prod: domain needs either hostedZone or certificateArn. Set one of them in lib/stages.ts.';
  const hostedZone = { id: 'Z1', name: 'acme.test' };
  const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/x';

  it.each<[string, Partial<Stage>, string]>([
    ['replicas without a region', { replicaRegions: ['eu-west-1', 'eu-west-2'] }, replicas],
    ['one replica', { region: 'eu-central-1', replicaRegions: ['eu-west-1'] }, replicas],
    [
      'a replica in the stage’s own Region',
      { region: 'eu-west-1', replicaRegions: ['eu-west-1', 'eu-west-2'] },
      replicas,
    ],
    [
      'a replica in another set of Regions',
      { region: 'eu-west-1', replicaRegions: ['eu-west-2', 'us-east-1'] },
      replicas,
    ],
    ['a domain without hosted zone and certificate', { domain: { name: 'keys.acme.test' } }, proof],
    [
      'a domain with both hosted zone and certificate',
      { domain: { name: 'keys.acme.test', hostedZone, certificateArn } },
      proof,
    ],
    [
      'a domain that is not in its hosted zone',
      { domain: { name: 'keys.notacme.test', hostedZone } },
      'Stage prod: keys.notacme.test is not in its hosted zone (acme.test). Fix domain in lib/stages.ts.',
    ],
    [
      'a recipient that is not an e-mail address',
      { alarmRecipients: ['alarms@acme.test', '#alarms'] },
      'Stage prod: "#alarms" in alarmRecipients is not an e-mail address. Fix it in lib/stages.ts.',
    ],
    [
      'scopes whose names are too long for a key of one read unit',
      { scopes: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}`.padEnd(80, '-'), 'A scope'])) },
      'Stage prod: there are more than 50 scopes, or their names have more than 1500 bytes with one more for each. Remove or shorten some in lib/stages.ts.',
    ],
    ...[0, -1, 1.5, Number.NaN].map((units): [string, Partial<Stage>, string] => [
      `a maximum of ${units} write units`,
      { maxWriteUnits: { keys: 500, uses: units } },
      `Stage prod: maxWriteUnits.uses (${units}) is not a whole number of at least 1. Fix it in lib/stages.ts, or leave it out for no maximum.`,
    ]),
  ])('%s', (_what, changes, message) => {
    const stage: Stage = { ...stageNamed('prod').stage, ...changes };
    expect(() => new KeysStack(new App(), 'prod', { stageName: 'prod', stage })).toThrow(new StageError(message));
  });
});

describe('the numbers of a stage', () => {
  type Fields<Value> = { [Field in keyof Stage]-?: Value extends Stage[Field] ? Field : never }[keyof Stage];
  /** The values at the ends of each range, and values outside of it. The compiler names a field that is missing. */
  const numbers: Record<Exclude<Fields<35>, 'logRetention'>, { accepted: number[]; refused: number[] }> = {
    maxKeysPerOwner: { accepted: [1, 1_000_000], refused: [0] },
    keysPerOwnerPerHour: { accepted: [1, 1_000_000], refused: [0] },
    requestsPerMinute: { accepted: [1, 1_000_000], refused: [0] },
    maxKeyLifetimeDays: { accepted: [1, 36_500], refused: [0, 36_501] },
    reservedConcurrency: { accepted: [0, 1_000], refused: [] },
    provisionedConcurrency: { accepted: [1, 1_000], refused: [0] },
    recoveryDays: { accepted: [1, 35], refused: [0, 36] },
  };
  const cases = Object.entries(numbers).map(([field, values]) => ({ field, ...values }));
  const withNumber = (field: string, value: unknown) =>
    synthesized('prod', { ...stageNamed('prod').stage, [field]: value });

  it.each(cases)('$field: $accepted are accepted', ({ field, accepted }) => {
    for (const value of accepted) expect(() => withNumber(field, value)).not.toThrow();
  });

  it.each(cases)('$field: $refused, fractions, negative and infinite numbers are refused', ({ field, refused }) => {
    for (const value of [...refused, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => withNumber(field, value)).toThrow(
        new RegExp(`^Stage prod: ${field} is ${value}\\. Set a whole number`),
      );
    }
  });

  it('a throttle can be 0 and not negative', () => {
    expect(() => withNumber('throttle', { rate: 0, burst: 0 })).not.toThrow();
    expect(() => withNumber('throttle', { rate: 1, burst: -1 })).toThrow('Stage prod: throttle.burst is -1.');
  });

  it('a reserved concurrency of 0 is passed on, because it stops the function', () => {
    const template = Template.fromStack(withNumber('reservedConcurrency', 0));
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 0 });
  });
});

it('uses an existing secret by its name, and can read only that one', () => {
  const stack = synthesized('dev', { ...stageNamed('dev').stage, clerkSecretName: 'shared/clerk' });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { CLERK_SECRET_ID: 'shared/clerk' } },
  });
  const statements = statementsIn(template);
  const [read] = statements.filter((statement) => statement.Action === 'secretsmanager:GetSecretValue');
  expect(JSON.stringify(read?.Resource)).toMatch(/:secret:shared\/clerk-\?{6}"/);
});
