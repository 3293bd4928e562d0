import { Annotations, App, Stack } from 'aws-cdk-lib';
import { DeployRoleStack } from '../lib/deploy-role-stack';
import { KeysStack } from '../lib/keys-stack';
import { noStage, stageNamed, stageNames } from '../lib/stages';
import { StageError } from '../lib/stages/check';
import { environmentOf } from '../lib/stages/environment';

const app = new App();
const given = app.node.tryGetContext('stage');
if (given === undefined) withoutStage(app);
else withStage(app, given);

/** For `cdk bootstrap`, which needs a stack but no stage. Commands that deploy or compare stop at the error. */
function withoutStage(app: App): void {
  Annotations.of(new Stack(app, 'satori-keys')).addError(noStage);
}

function withStage(app: App, stageName: unknown): void {
  try {
    addStacks(app, stageName);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    // An invalid stage is a configuration mistake: print one line, no stack trace.
    console.error(error.message);
    process.exit(1);
  }
}

function addStacks(app: App, stageName: unknown): void {
  const { name, stage } = stageNamed(stageName);
  new KeysStack(app, `satori-keys-${name}`, { stageName: name, stage });
  const githubRepository = app.node.tryGetContext('githubRepository');
  if (githubRepository !== undefined) {
    new DeployRoleStack(app, `satori-keys-${name}-deploy-role`, {
      stageName: name,
      githubRepository,
      env: environmentOf(stage),
      // Workflows compare pull requests with the first stage only.
      diffsPullRequests: name === stageNames[0],
    });
  }
}
