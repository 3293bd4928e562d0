import type { StageValues } from './values';

/**
 * Types the stages of stages.config.ts: an editor then describes each value. Synthesis checks them.
 * @param stages the stages by their names. A name has lower-case letters, digits and hyphens.
 */
export const defineStages = (stages: Readonly<Record<string, StageValues>>) => stages;
