import { stageNamed, stageNames } from '../../lib/stages';
import { StageError } from '../../lib/stages/check';
import { environmentOf } from '../../lib/stages/environment';
import type { Stage } from '../../lib/stages/schema';
import { CommandError } from './command-error';

export interface DeployedStage {
  readonly name: string;
  readonly stage: Stage;
  /** For the AWS SDK; without a Region the SDK finds one itself. */
  readonly region: { readonly region?: string };
}

/** @throws CommandError for an unknown stage, and for invalid values in stages.config.ts. */
export function deployedStage(name: string | undefined, usage: string): DeployedStage {
  if (name === undefined || !stageNames.includes(name)) {
    const problem = name === undefined ? 'No stage given' : `Not a deployed stage: "${name}"`;
    throw new CommandError(`${problem}. Stages: ${stageNames.join(', ')}.\n\n${usage}`);
  }
  const stage = valuesOf(name);
  const { account: _account, ...region } = environmentOf(stage);
  return { name, stage, region };
}

function valuesOf(name: string): Stage {
  try {
    return stageNamed(name).stage;
  } catch (error) {
    throw error instanceof StageError ? new CommandError(error.message) : error;
  }
}
