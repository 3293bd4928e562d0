import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { KeysStack } from '../../lib/keys-stack';
import { type Stage, StageError, samplesIn, stageNamed } from '../../lib/stages';

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
  };

  it('is asked for at synthesis while it is a sample', () => {
    const stack = new KeysStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'prod', {
      stageName: 'prod',
      ...stageNamed('prod'),
    });
    const asked = ['clerkIssuer', 'authorizedParties', 'corsOrigins'];
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
