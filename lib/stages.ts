import stages from '#stages.config';
import { checkedStages, StageError } from './stages/check';
import type { Stage } from './stages/schema';

/** The names of the stages in stages.config.ts, in their order. */
export const stageNames: readonly string[] = Object.keys(stages);

const stageList = `add -c stage=NAME, where NAME is one of ${stageNames.join(', ')}.`;

/** The error of a command that needs a stage. */
export const noStage = `No stage given: ${stageList}`;

/**
 * The values of a stage in stages.config.ts, with their defaults.
 * @throws StageError for a name that is missing or unknown, with a list of the stages, and for invalid values of any
 * stage.
 */
export function stageNamed(name: unknown): { name: string; stage: Stage } {
  const known = stageNames.find((stageName) => stageName === name);
  if (known === undefined) {
    throw new StageError(name === undefined ? noStage : `Unknown stage "${name}": ${stageList}`);
  }
  const stage = checkedStages(stages).get(known);
  if (!stage) throw new Error(`The stage ${known} was not checked`);
  return { name: known, stage };
}
