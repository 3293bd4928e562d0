import type { Answer, ApiCaller } from '../../support/api-caller';
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
 * Plays a sequence through the service. Compares each answer with the model, what is stored after each round with the
 * promises, and checks that nothing is left over at the end.
 * @throws Error that says what broke, in which round.
 */
export async function play(api: ApiHarness, rounds: readonly Round[], played = nothingPlayed()): Promise<void> {
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
  const runs: Promise<Outcome>[] = requests.map((request, n) =>
    world.run(request, n, () => Promise.all(runs.filter((_, other) => other !== n))),
  );
  const outcomes = await Promise.all(runs);
  for (const [n, request] of requests.entries()) judge(model, request, outcomes[n]);
  for (const [n, request] of requests.entries()) {
    const answer = outcomes[n]?.answer;
    model.end(request, answer?.status, told(request, answer), shown(request, answer));
  }
  played.requests += round.length;
  played.faults += round.filter(({ fault }) => fault).length;
  played.kills += outcomes.filter(({ answer }) => answer === undefined).length;
  const truth = await readTruth(world.api, world.users);
  assertNone(brokenPromises(truth, before, model, world.users));
  return truth;
}

function judge(model: Model, request: Request, outcome: Outcome | undefined): void {
  if (!outcome?.answer) return;
  const { answer, slow } = outcome;
  const { step, key, rivals } = request;
  const allowed = [...model.allowed(request), ...(slow ? [503] : [])];
  if (!allowed.includes(answer.status)) {
    throw new Error(`${step.does} of user ${step.user} is answered ${answer.status}, not ${allowed.join(' or ')}`);
  }
  if (answer.status !== 200) {
    if (answer.text.includes('sk_satori_')) throw new Error('an error tells a secret');
    return;
  }
  const wrong = model.wrongWithList(request, shown(request, answer) ?? []);
  if (step.does === 'list' && wrong) throw new Error(`the list is wrong: ${wrong}`);
  if (step.does === 'get' && key && !rivals && model.isDeleted(step.user) === 'no') {
    const revoked = answer.json.revokedAt === null ? 'no' : 'yes';
    if (key.revoked !== 'maybe' && key.revoked !== revoked) throw new Error(`get says revoked: ${revoked}`);
  }
}

/** A key as an answer shows it. */
const seen = ({ id, name, createdAt }: { id: string; name: string; createdAt: string }): ShownKey => ({
  id,
  name: Number(name.slice('Key '.length)),
  place: `${createdAt}#${id}`,
});

function told({ step }: Request, answer: Answer | undefined): KnownKey | undefined {
  if (step.does !== 'create' || answer?.status !== 200) return undefined;
  return { ...seen(answer.json), user: step.user, secret: answer.json.secret, revoked: 'no' };
}

function shown({ step }: Request, answer: Answer | undefined): ShownKey[] | undefined {
  return step.does === 'list' && answer?.status === 200 ? answer.json.map(seen) : undefined;
}

/**
 * Nothing fails any more, a minute has passed, and everybody does what they would do: Clerk delivers again what was not
 * accepted, each user lists their keys and asks for each name once. Then nothing is pending and no name is blocked.
 */
async function settle(world: World, model: Model): Promise<void> {
  const calls = await world.later();
  const isGone = (user: string) => model.isDeleted(world.users.indexOf(user)) !== 'no';
  try {
    for (const user of world.users.keys()) {
      const token = world.tokenOf(user);
      if (model.isDeleted(user) !== 'no') {
        const again = { step: { user, does: 'delete user' }, key: undefined, rivals: false } as const;
        await patiently(async () => (await world.run(again, 0)).answer as Answer);
        continue;
      }
      const listed: { name: string }[] = (await patiently(() => calls.list(token))).json;
      for (const name of ['Key 0', 'Key 1']) {
        const { status } = await patiently(() => calls.create(name, { token }));
        const expected = listed.some((key) => key.name === name) ? 409 : 200;
        if (status !== expected) throw new Error(`at the end ${name} of user ${user} is answered ${status}`);
      }
      // A list has two seconds for what it cleans up, which a busy machine may need for one key.
      await calls.list(token);
    }
    const truth = await readTruth(world.api, world.users);
    assertNone(leftOvers(truth, isGone));
    await verifyAll(model, truth, calls);
  } finally {
    await calls.close();
  }
}

/** Asks up to three times, as callers do: on a busy machine the service may not answer in time. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask();
  for (let tries = 1; answer.status === 503 && tries < 3; tries += 1) answer = await ask();
  return answer;
}

async function verifyAll(model: Model, { usable }: Truth, calls: ApiCaller): Promise<void> {
  for (const { id, secret } of model.keys) {
    if (secret === undefined) continue;
    const expected = usable.some((key) => key.id === id) ? 200 : 401;
    const { status } = await patiently(() => calls.whoami(secret));
    if (status !== expected) throw new Error(`at the end the secret of ${id} is answered ${status}`);
  }
}

function assertNone(broken: readonly string[]): void {
  if (broken.length > 0) throw new Error(broken.join('\n'));
}
