import type { Answer } from '../../support/api-caller';
import type { ApiHarness } from '../../support/api-harness';
import { type KnownKey, Model, type Request, type ShownKey } from './model';
import type { Round } from './sequences';
import { brokenPromises, forget, leftOvers, readTruth, type Truth } from './truth';
import { type Outcome, World } from './world';

/** What was played so far. */
export interface Played {
  sequences: number;
  requests: number;
  faults: number;
  kills: number;
}
export const nothingPlayed = (): Played => ({ sequences: 0, requests: 0, faults: 0, kills: 0 });

/**
 * Plays a sequence through the service and compares each answer with the model, each round's truth with the promises,
 * and what is left in the end with nothing.
 * @throws Error that says what broke, in which round.
 */
export async function play(
  api: ApiHarness,
  rounds: readonly Round[],
  played = nothingPlayed(),
): Promise<void> {
  const world = new World(api);
  const model = new Model();
  try {
    let truth = await readTruth(api, world.users);
    for (const [n, round] of rounds.entries()) {
      try {
        truth = await playRound(world, model, round, truth, played);
      } catch (error) {
        throw new Error(`round ${n + 1}: ${(error as Error).message}`);
      }
    }
    await settle(world, model);
    played.sequences += 1;
  } finally {
    await world.close();
    await forget(api, world.users);
    api.logged.length = 0;
  }
}

async function playRound(world: World, model: Model, round: Round, before: Truth, played: Played) {
  const requests = model.begin(round);
  const outcomes = await Promise.all(requests.map((request, n) => world.run(request, n)));
  for (const [n, request] of requests.entries()) judge(model, request, outcomes[n]);
  const answers = outcomes.map(({ answer }) => answer);
  for (const [n, request] of requests.entries()) {
    const answer = answers[n];
    model.end(request, answer?.status, told(request, answer), shown(request, answer));
  }
  played.requests += round.length;
  played.faults += round.filter(({ fault }) => fault).length;
  played.kills += answers.filter((answer) => answer === undefined).length;
  const truth = await readTruth(world.api, world.users);
  assertNone(brokenPromises(truth, before, model));
  return truth;
}

function judge(model: Model, request: Request, outcome: Outcome | undefined): void {
  if (!outcome?.answer) return;
  const { answer, slow } = outcome;
  const { does, user } = request.step;
  const allowed = [...model.allowed(request), ...(slow ? [503] : [])];
  if (!allowed.includes(answer.status)) {
    throw new Error(`${does} of user ${user} answered ${answer.status}, not ${allowed.join(' or ')}`);
  }
  const misfit = model.misfit(request, shown(request, answer) ?? []);
  if (does === 'list' && answer.status === 200 && misfit) throw new Error(`the list is wrong: ${misfit}`);
  if (answer.status !== 200 && answer.text.includes('sk_satori_')) throw new Error('an error tells a secret');
}

function told({ step }: Request, answer: Answer | undefined): KnownKey | undefined {
  if (step.does !== 'create' || answer?.status !== 200) return undefined;
  const { id, secret } = answer.json as { id: string; secret: string };
  return { user: step.user, name: step.name, id, secret, revoked: 'no' };
}

function shown({ step }: Request, answer: Answer | undefined): ShownKey[] | undefined {
  if (step.does !== 'list' || answer?.status !== 200) return undefined;
  const listed = answer.json as { id: string; name: string }[];
  return listed.map(({ id, name }) => ({ id, name: Number(name.slice('Key '.length)) }));
}

/**
 * Nothing fails any more, a minute has passed, and everybody does what they would do: Clerk delivers again what was not
 * taken, each user looks at the list and asks for each name once. Then nothing may be owed and no name blocked.
 */
async function settle(world: World, model: Model): Promise<void> {
  const calls = await world.later();
  try {
    for (const user of world.users.keys()) {
      if (model.isDeleted(user) !== 'no') {
        const again = { step: { user, does: 'delete user' }, key: undefined, rivals: false } as const;
        await patiently(async () => (await world.run(again, 0)).answer as Answer);
        continue;
      }
      const { json } = await patiently(() => calls.list(world.tokenOf(user)));
      const listed = json as { name: string }[];
      for (const name of ['Key 0', 'Key 1']) {
        const { status } = await patiently(() => calls.create(name, { token: world.tokenOf(user) }));
        const expected = listed.some((key) => key.name === name) ? 409 : 200;
        if (status !== expected) throw new Error(`in the end ${name} of user ${user} is ${status}`);
      }
    }
    const truth = await readTruth(world.api, world.users);
    const isGone = (user: string) => model.isDeleted(world.users.indexOf(user)) !== 'no';
    assertNone(leftOvers(truth, isGone));
    await verifyAll(world, model, calls.whoami);
  } finally {
    await calls.close();
  }
}

/** Asks again where a busy machine made the service miss its time: up to three times, as callers do. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  const answers = [await ask()];
  while (answers.at(-1)?.status === 503 && answers.length < 3) answers.push(await ask());
  return answers.at(-1) as Answer;
}

async function verifyAll(world: World, model: Model, whoami: (secret: string) => Promise<Answer>) {
  const { records } = await readTruth(world.api, world.users);
  for (const { id, secret } of model.keys) {
    if (secret === undefined) continue;
    const expected = records.some((record) => record.id === id && !record.revokedAt) ? 200 : 401;
    const { status } = await patiently(() => whoami(secret));
    if (status !== expected) throw new Error(`in the end the secret of ${id} is answered ${status}`);
  }
}

function assertNone(broken: readonly string[]): void {
  if (broken.length > 0) throw new Error(broken.join('\n'));
}
