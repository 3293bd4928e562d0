import { App } from 'aws-cdk-lib';
import { DeployRoleStack } from '../lib/deploy-role-stack';
import { KeysStack } from '../lib/keys-stack';
import { environmentOf, StageError, stageNamed } from '../lib/stages';

const app = new App();
try {
  const { name, stage } = stageNamed(app.node.tryGetContext('stage'));
  new KeysStack(app, `satori-keys-${name}`, { stageName: name, stage });
  const githubRepository = app.node.tryGetContext('githubRepository');
  if (githubRepository !== undefined) {
    new DeployRoleStack(app, `satori-keys-${name}-deploy-role`, {
      stageName: name,
      githubRepository,
      env: environmentOf(stage),
      // Workflows compare pull requests with dev alone, so nothing of theirs reads the other stages.
      diffsPullRequests: name === 'dev',
    });
  }
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  // One line for a slip of the keyboard; a stack trace is for a bug.
  console.error(error.message);
  process.exit(1);
}
