import { environmentOf, type Stage, type StageName, stageNamed, stageNames } from '../../lib/stages';
import { CommandError } from './command-error';

export interface DeployedStage {
  readonly name: StageName;
  readonly stage: Stage;
  /** For the AWS SDK; without a Region the SDK finds one itself. */
  readonly region: { readonly region?: string };
}

/** @throws CommandError for an unknown stage, or the stage `local`. */
export function deployedStage(name: string | undefined, usage: string): DeployedStage {
  const deployed = stageNames.filter((stageName) => stageName !== 'local');
  const known = deployed.find((stageName) => stageName === name);
  if (!known) {
    const problem = name === undefined ? 'No stage given' : `Not a deployed stage: "${name}"`;
    throw new CommandError(`${problem}. Stages: ${deployed.join(', ')}.\n\n${usage}`);
  }
  const { stage } = stageNamed(known);
  const { account: _account, ...region } = environmentOf(stage);
  return { name: known, stage, region };
}
