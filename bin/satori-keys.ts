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
      // Workflows compare pull requests with dev only.
      diffsPullRequests: name === 'dev',
    });
  }
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  // An invalid stage is a configuration mistake: print one line, no stack trace.
  console.error(error.message);
  process.exit(1);
}
