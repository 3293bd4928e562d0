import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { stageNamed, stageNames } from '../../../lib/stages';
import { StageError } from '../../../lib/stages/check';
import { noticesIn, samplesIn } from '../../../lib/stages/notices';
import { stagePlace } from '../../../lib/stages/place';
import type { Stage, StageValues } from '../../../lib/stages/schema';
import { localStage } from '../../../local/local-stage';
import { statementsIn } from '../../support/stage-stacks';
import { offlineStack } from '../support/offline-stack';

// Synthesis prints the warnings about samples.
jest.spyOn(console, 'error').mockImplementation(() => {});

describe('the stage name', () => {
  const list = 'NAME is one of dev, staging, prod.';

  it.each([
    [undefined, `No stage given: add -c stage=NAME, where ${list}`],
    ['production', `Unknown stage "production": add -c stage=NAME, where ${list}`],
    ['toString', `Unknown stage "toString": add -c stage=NAME, where ${list}`],
    ['local', `Unknown stage "local": add -c stage=NAME, where ${list}`],
    ['', `Unknown stage "": add -c stage=NAME, where ${list}`],
  ])('%j is rejected with one line that lists the stages', (name, message) => {
    expect(() => stageNamed(name)).toThrow(new StageError(message));
  });

  it('is known for each of the stages, in their order', () => {
    expect(stageNames).toEqual(['dev', 'staging', 'prod']);
    for (const name of stageNames) expect(stageNamed(name).name).toBe(name);
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
    const stack = offlineStack('prod', stageNamed('prod').stage);
    const fields = ['clerkIssuer', 'authorizedParties', 'corsOrigins', 'domain', 'alarmRecipients', 'runbookUrl'];
    for (const field of fields) {
      const line = Match.stringLikeRegexp(
        `^Stage prod: ${field} is a sample value \\(.*\\)\\. Set your own in stages\\.config\\.ts`,
      );
      Annotations.fromStack(stack).hasWarning('*', line);
    }
  });

  it('causes no warning once it is set, or in the stage local', () => {
    expect(samplesIn(stagePlace('prod'), configured)).toEqual([]);
    Annotations.fromStack(offlineStack('local', localStage)).hasNoWarning('*', Match.anyValue());
  });
});

describe('a value whose effect depends on what is deployed', () => {
  const protectedStage: Stage = { ...stageNamed('prod').stage, deletionProtection: true };

  it('is explained at synthesis: another keyPrefix without a previous one', () => {
    const keyPrefix = 'sk_acme';
    expect(noticesIn(stagePlace('prod'), protectedStage)).toEqual([]);
    expect(noticesIn(stagePlace('prod'), { ...protectedStage, keyPrefix, previousKeyPrefixes: ['sk_satori'] })).toEqual(
      [],
    );
    const stack = offlineStack('prod', { ...protectedStage, keyPrefix });
    const notice = Match.stringLikeRegexp('only keys with the prefix sk_acme are accepted.*add.*previousKeyPrefixes');
    Annotations.fromStack(stack).hasInfo('*', notice);
  });

  it('is explained at synthesis: no deletion protection in a stage that keeps its data', () => {
    const stack = offlineStack('prod', { ...protectedStage, deletionProtection: false });
    Annotations.fromStack(stack).hasInfo(
      '*',
      Match.stringLikeRegexp('not protected from deletion.*deletionProtection'),
    );
    expect(noticesIn(stagePlace('dev'), stageNamed('dev').stage)).toEqual([]);
  });

  it('stops a deployment if the first prefix is no longer accepted', () => {
    const stage = { ...protectedStage, keyPrefix: 'sk_new', previousKeyPrefixes: ['sk_older', 'sk_old'] };
    const template = Template.fromStack(offlineStack('prod', stage));
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

it('the stack has the value of a stage in its one spelling', () => {
  const stage: StageValues = {
    ...stageNamed('dev').stage,
    clerkIssuer: 'https://Clerk.acme.test/',
    authorizedParties: ['https://App.acme.test:443'],
    corsOrigins: ['https://app.acme.test/'],
  };
  const template = JSON.stringify(Template.fromStack(offlineStack('dev', stage)));
  expect(template).toContain('"CLERK_ISSUER":"https://clerk.acme.test"');
  expect(template).toContain('"CLERK_AUTHORIZED_PARTIES":"https://app.acme.test"');
  expect(template).toContain('"AllowOrigins":["https://app.acme.test"]');
});

it('a reserved concurrency of 0 is passed on, because it stops the function', () => {
  const template = Template.fromStack(offlineStack('prod', { ...stageNamed('prod').stage, reservedConcurrency: 0 }));
  template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 0 });
});

it('uses an existing secret by its name, and can read only that one', () => {
  const stack = offlineStack('dev', { ...stageNamed('dev').stage, clerkSecretName: 'shared/clerk' });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { CLERK_SECRET_ID: 'shared/clerk' } },
  });
  const statements = statementsIn(template);
  const [read] = statements.filter((statement) => statement.Action === 'secretsmanager:GetSecretValue');
  expect(JSON.stringify(read?.Resource)).toMatch(/:secret:shared\/clerk-\?{6}"/);
});
