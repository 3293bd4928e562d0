import type * as z from 'zod/mini';
import { type Place, stagePlace } from './place';
import { relationProblem, sharedProblem } from './relations';
import { type Stage, stageSchema } from './schema';
import { formAt } from './value';
import type { StageValues } from './values';

/** A missing, unknown or invalid stage, or invalid values. The message has one line for each problem, which says what to do. */
export class StageError extends Error {}

/** Names that belong to something else: the local server's stage, and an authorizer's log lines by default. */
const reservedNames = ['local', 'authorizer'];
/** Ends of a name with which a stack or GitHub environment of another stage would have the same name. */
const reservedEnds = /-(deploy-role|diff)$/;

const nameForm =
  'at most 20 lower-case letters, digits and single hyphens, a letter first, and neither local nor authorizer nor an end in -diff or -deploy-role, such as "dev"';

/**
 * Checks all stages, also against each other.
 * @returns the stages with their defaults.
 * @throws StageError with all problems.
 */
export function checkedStages(stages: Readonly<Record<string, unknown>>): ReadonlyMap<string, Stage> {
  const names = Object.keys(stages);
  if (names.length === 0) throw new StageError('There is no stage. Define one in stages.config.ts, such as "dev".');
  const problems: string[] = [];
  const checked = new Map<string, Stage>();
  for (const name of names) {
    if (!isStageName(name)) problems.push(`Stage ${shown(name)}: the name is invalid. Use ${nameForm}.`);
    const result = parsed(stagePlace(name), stages[name]);
    if ('problems' in result) problems.push(...result.problems);
    else checked.set(name, result.stage);
  }
  problems.push(...sharedProblem(checked));
  if (problems.length > 0) throw errorOf(problems);
  return checked;
}

/**
 * Checks one stage.
 * @returns the stage with its defaults.
 * @throws StageError with all problems.
 */
export function checkedStage(name: string, values: StageValues): Stage {
  return checkedValues(stagePlace(name), values);
}

/** Checks values that stand at another place, as {@link checkedStage} does. */
export function checkedValues(place: Place, values: StageValues): Stage {
  const result = parsed(place, values);
  if ('problems' in result) throw errorOf(result.problems);
  return result.stage;
}

const errorOf = (problems: readonly string[]) => new StageError(masked(problems.join('\n')));

function isStageName(name: string): boolean {
  const form = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
  return name.length <= 20 && form.test(name) && !reservedNames.includes(name) && !reservedEnds.test(name);
}

function parsed(place: Place, values: unknown): { stage: Stage } | { problems: string[] } {
  const result = stageSchema.safeParse(values, { reportInput: true });
  if (!result.success) return { problems: result.error.issues.flatMap((issue) => textOf(place, issue)) };
  const problems = relationProblem(result.data, place);
  return problems.length === 0
    ? { stage: result.data }
    : { problems: problems.map((problem) => `${place.subject}: ${problem}`) };
}

function textOf({ subject, source }: Place, issue: z.core.$ZodIssue): string[] {
  const field = fieldAt(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${subject}: ${fieldAt([...issue.path, key])} is not a value of a stage. ${known(issue.path, source)}`,
    );
  }
  const problem = issue.input === undefined ? 'is missing' : `is ${shown(issue.input)}`;
  const form = formAt(stageSchema, issue.path);
  const expected = form ? `Use ${form.form}, such as ${shown(form.example)}` : 'Use an object in braces: { … }';
  return [`${subject}: ${field || 'the stage'} ${problem}. ${expected}. Set it in ${source}.`];
}

/** The names that can stand at a path instead of an unknown one. */
function known(path: readonly PropertyKey[], source: string): string {
  const example = path.length === 0 ? ` Use one of ${Object.keys(stageSchema.shape).join(', ')}.` : '';
  return `Correct its name or remove it in ${source}.${example}`;
}

/** A path as it is written in TypeScript: `domain.hostedZone.id`, `corsOrigins[1]`. */
const fieldAt = (path: readonly PropertyKey[]) =>
  path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('');

/** A value in one line. */
const shown = (value: unknown) =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)).slice(0, 300);

/** Text without a key of Clerk that was put into a wrong place. */
const masked = (text: string) => text.replace(/\b(sk_live_|sk_test_|whsec_)[\w+/=]{16,}/g, '$1…');
