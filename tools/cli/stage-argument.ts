import { environmentOf, type Stage, type StageName, stageNamed, stageNames } from '../../lib/stages';
import { CommandError } from './command-error';

export interface DeployedStage {
  readonly name: StageName;
  readonly stage: Stage;
  /** For the AWS SDK, which finds a Region by itself where the stage names none. */
  readonly region: { readonly region?: string };
}

/** @throws CommandError for a stage that is unknown, or not one that is deployed. */
export function deployedStage(name: string | undefined, usage: string): DeployedStage {
  const deployed = stageNames.filter((one) => one !== 'local');
  const known = deployed.find((one) => one === name);
  if (!known) {
    const problem = name === undefined ? 'No stage given' : `No such stage to deploy: "${name}"`;
    throw new CommandError(`${problem}. Stages: ${deployed.join(', ')}.\n\n${usage}`);
  }
  const { stage } = stageNamed(known);
  const { account: _account, ...region } = environmentOf(stage);
  return { name: known, stage, region };
}
