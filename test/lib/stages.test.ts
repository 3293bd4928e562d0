import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { KeysStack } from '../../lib/keys-stack';
import { samplesIn } from '../../lib/stage-checks';
import { type Stage, StageError, stageNamed } from '../../lib/stages';

// Each synthesis prints the samples that it found.
jest.spyOn(console, 'error').mockImplementation(() => {});

describe('the stage that was asked for', () => {
  const list = 'NAME is one of local, dev, staging, prod.';

  it.each([
    [undefined, `No stage given: add -c stage=NAME, where ${list}`],
    ['production', `Unknown stage "production": add -c stage=NAME, where ${list}`],
    ['toString', `Unknown stage "toString": add -c stage=NAME, where ${list}`],
    ['', `Unknown stage "": add -c stage=NAME, where ${list}`],
  ])('%j is refused in one line that lists the stages', (name, message) => {
    expect(() => stageNamed(name)).toThrow(new StageError(message));
  });
});

describe('what only the owner of an account can know', () => {
  const owned: Stage = {
    ...stageNamed('prod').stage,
    clerkIssuer: 'https://clerk.acme.test',
    authorizedParties: ['https://app.acme.test'],
    corsOrigins: ['https://app.acme.test', 'https://notexample.com'],
    domain: { name: 'keys.acme.test', hostedZone: { id: 'Z1', name: 'acme.test' } },
    alarmRecipients: ['alarms@acme.test'],
    runbookUrl: 'https://git.acme.test/operations.md',
  };

  it('is asked for at synthesis while it is a sample', () => {
    const stack = new KeysStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'prod', {
      stageName: 'prod',
      ...stageNamed('prod'),
    });
    const asked = [
      'clerkIssuer',
      'authorizedParties',
      'corsOrigins',
      'domain',
      'alarmRecipients',
      'runbookUrl',
    ];
    for (const field of asked) {
      const line = Match.stringLikeRegexp(
        `^${field} of the stage prod is a sample \\(.*\\): set yours in lib/stages.ts`,
      );
      Annotations.fromStack(stack).hasWarning('*', line);
    }
  });

  it('is not asked for once it is set, nor on a laptop', () => {
    expect(samplesIn('prod', owned)).toEqual([]);
    expect(samplesIn('local', stageNamed('local').stage)).toEqual([]);
  });

  it.each([
    ['clerkIssuer', { clerkIssuer: '' }],
    ['authorizedParties', { authorizedParties: [] }],
    ['corsOrigins', { corsOrigins: [] }],
    ['runbookUrl', { runbookUrl: '' }],
  ])('cannot be left out: %s', (field, missing) => {
    expect(() => samplesIn('prod', { ...owned, ...missing })).toThrow(
      new StageError(`Set ${field} of the stage prod in lib/stages.ts.`),
    );
  });

  it('has to be a URL, and says which is none', () => {
    expect(() => samplesIn('prod', { ...owned, corsOrigins: ['app.acme.test'] })).toThrow(
      new StageError(
        'corsOrigins of the stage prod has "app.acme.test", which is no URL: mend it in lib/stages.ts.',
      ),
    );
  });
});

describe('what cannot be is refused at synthesis, in one line that says what to set', () => {
  const regions =
    'us-east-1 us-east-2 us-west-2; eu-west-1 eu-west-2 eu-west-3 eu-central-1; ap-northeast-1 ap-northeast-2 ap-northeast-3';
  const replicas = `replicaRegions of the stage prod are two Regions beside its region, all of one set (${regions}): set them, and region, in lib/stages.ts.`;
  const proof =
    'domain of the stage prod needs a hostedZone or a certificateArn, one of the two: set it in lib/stages.ts.';
  const hostedZone = { id: 'Z1', name: 'acme.test' };
  const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/x';

  it.each<[string, Partial<Stage>, string]>([
    ['replicas without a Region of its own', { replicaRegions: ['eu-west-1', 'eu-west-2'] }, replicas],
    ['one replica', { region: 'eu-central-1', replicaRegions: ['eu-west-1'] }, replicas],
    ['a replica at home', { region: 'eu-west-1', replicaRegions: ['eu-west-1', 'eu-west-2'] }, replicas],
    ['a replica too far', { region: 'eu-west-1', replicaRegions: ['eu-west-2', 'us-east-1'] }, replicas],
    ['a domain that nothing proves', { domain: { name: 'keys.acme.test' } }, proof],
    ['a domain with two proofs', { domain: { name: 'keys.acme.test', hostedZone, certificateArn } }, proof],
    [
      'a domain that is in another zone',
      { domain: { name: 'keys.notacme.test', hostedZone } },
      'domain of the stage prod is not in its hosted zone (acme.test): mend it in lib/stages.ts.',
    ],
    [
      'a recipient that is no address',
      { alarmRecipients: ['alarms@acme.test', '#alarms'] },
      'alarmRecipients of the stage prod has "#alarms", which is no e-mail address: mend it in lib/stages.ts.',
    ],
  ])('%s', (_what, odd, message) => {
    const stage: Stage = { ...stageNamed('prod').stage, ...odd };
    expect(() => new KeysStack(new App(), 'prod', { stageName: 'prod', stage })).toThrow(
      new StageError(message),
    );
  });
});

it('takes a secret that is there already by its name, and may read that one only', () => {
  const stage: Stage = { ...stageNamed('dev').stage, clerkSecretName: 'shared/clerk' };
  const stack = new KeysStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'dev', {
    stageName: 'dev',
    stage,
  });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const [read] = statements.filter((statement) => statement.Action === 'secretsmanager:GetSecretValue');
  expect(JSON.stringify(read.Resource)).toMatch(/:secret:shared\/clerk-\?{6}"/);
});
