import { stageNamed, stageNames } from '../../lib/stages';
import { StageError } from '../../lib/stages/check';
import { environmentOf } from '../../lib/stages/environment';
import type { Stage } from '../../lib/stages/schema';
import { CommandError } from './command-error';
import { invocation } from './invocation';

/** The values of a stage that commands need. */
type CommandValues = Pick<Stage, 'account' | 'clerkInstance' | 'clerkSecretName'>;

export interface DeployedStage {
  readonly name: string;
  readonly stage: CommandValues;
  /** For the AWS SDK; without a Region the SDK finds one itself. */
  readonly region: { readonly region?: string };
}

/** The options with which a command finds a deployed service. */
export const serviceOptions = {
  stage: { type: 'string' },
  'secret-name': { type: 'string' },
  'clerk-instance': { type: 'string' },
} as const;

const instances = ['development', 'production', 'either'] as const;

/**
 * The deployed service that a command works on: a stage of a clone, or a service that an app deployed with the package,
 * which the name of its secret identifies.
 * @throws CommandError for an unknown stage or instance, and without a stage and a secret.
 */
export function deployedService(
  values: { readonly [Option in keyof typeof serviceOptions]?: string | undefined },
  usage: string,
): DeployedStage {
  const { stage, 'secret-name': secret, 'clerk-instance': given = 'either' } = values;
  if (secret === undefined && (stage !== undefined || stageNames.length > 0)) return deployedStage(stage, usage);
  if (secret === undefined || stage !== undefined) {
    throw new CommandError(`Give either --stage or --secret-name, with the output SecretName.\n\n${usage}`);
  }
  if (!/^(?!(sk|whsec)_)[\w/+=.@-]{1,512}$/.test(secret)) {
    throw new CommandError('--secret-name is the name of a secret in Secrets Manager, never a key of Clerk.');
  }
  const clerkInstance = instances.find((instance) => instance === given);
  if (clerkInstance === undefined) throw new CommandError(`--clerk-instance is one of ${instances.join(', ')}.`);
  return { name: secret, stage: { clerkSecretName: secret, clerkInstance }, region: {} };
}

/** The usage of the options: a clone has stages, an app with the package has none. */
export const serviceUsage = (command: string): string =>
  stageNames.length > 0 ? `${invocation(command)} --stage STAGE` : `${invocation(command)} --secret-name NAME`;

/** @throws CommandError for an unknown stage, and for invalid values in stages.config.ts. */
export function deployedStage(name: string | undefined, usage: string): DeployedStage & { readonly stage: Stage } {
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
