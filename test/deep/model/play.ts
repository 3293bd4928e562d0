import type { Answer, ApiCaller } from '../../support/api-caller';
import type { ApiHarness } from '../../support/api-harness';
import { type KnownKey, newKey, type ShownKey } from './known-key';
import { Model, organization, ownerOf, type Request } from './model';
import type { Round, Step } from './sequences';
import { watchEvents, wrongEvents } from './told-events';
import { brokenPromises, forget, isAccepted, isUsable, leftOvers, readTruth, type Truth } from './truth';
import { type Outcome, World } from './world';

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
  const told = watchEvents(api);
  const world = new World(api);
  const model = new Model();
  try {
    let truth = await readTruth(api, world.owners);
    for (const [n, round] of rounds.entries()) {
      try {
        truth = await playRound(world, model, round, truth, played);
      } catch (error) {
        throw new Error(`round ${n + 1}: ${(error as Error).message}`);
      }
    }
    await settle(world, model);
    if (told) assertNone(wrongEvents(told, await readTruth(api, world.owners), world.owners));
    played.sequences += 1;
  } finally {
    await world.close();
    await forget(api, world.owners);
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
    const told = { key: toldKey(request, answer), secret: toldSecret(request, answer), shown: shown(request, answer) };
    model.end(request, answer?.status, told, world.isBannedAtClerk);
  }
  played.requests += round.length;
  played.faults += round.filter(({ fault }) => fault).length;
  played.kills += outcomes.filter(({ answer }) => answer === undefined).length;
  const truth = await readTruth(world.api, world.owners);
  assertNone(brokenPromises(truth, before, model, world.owners, requests));
  return truth;
}

function judge(model: Model, request: Request, outcome: Outcome | undefined): void {
  if (!outcome?.answer) return;
  const { answer, slow } = outcome;
  const { step, key, rivals } = request;
  const allowed = [...model.allowed(request), ...(slow ? [503] : [])];
  if (!allowed.includes(answer.status)) {
    const who = `user ${step.user} (${step.role ?? 'no role'})`;
    throw new Error(`${step.does} of ${who} is answered ${answer.status}, not ${allowed.join(' or ')}`);
  }
  if (answer.status !== 200) {
    if (answer.text.includes('sk_satori_')) throw new Error('an error tells a secret');
    return;
  }
  const wrong = model.wrongWithList(request, shown(request, answer) ?? []);
  if (step.does === 'list' && wrong) throw new Error(`the list is wrong: ${wrong}`);
  if (step.does === 'get' && key && !rivals && model.isDeleted(key.owner) === 'no') {
    const revoked = answer.json.revokedAt === null ? 'no' : 'yes';
    if (key.revoked !== 'maybe' && key.revoked !== revoked) throw new Error(`get says revoked: ${revoked}`);
  }
}

const seen = ({ id, name, createdAt }: { id: string; name: string; createdAt: string }): ShownKey => ({
  id,
  name: Number(name.slice('Key '.length)),
  place: `${createdAt}#${id}`,
});

function toldKey({ step }: Request, answer: Answer | undefined): KnownKey | undefined {
  if (step.does !== 'create' || answer?.status !== 200) return undefined;
  return { ...newKey(seen(answer.json), ownerOf(step), answer.json.secret), expires: step.expires ?? false };
}

const toldSecret = ({ step }: Request, answer: Answer | undefined): string | undefined =>
  step.does === 'rotate' && answer?.status === 200 ? answer.json.secret : undefined;

function shown({ step }: Request, answer: Answer | undefined): ShownKey[] | undefined {
  return step.does === 'list' && answer?.status === 200 ? answer.json.map(seen) : undefined;
}

/**
 * Nothing fails any more, a minute has passed, and everybody does what they would do: Clerk delivers again what was not
 * accepted, bans end, each owner's keys are listed and each name is asked for once. Then nothing is pending, no key is
 * suspended and no name is blocked.
 */
async function settle(world: World, model: Model): Promise<void> {
  const calls = await world.later();
  const isGone = (owner: string) => model.isDeleted(world.owners.indexOf(owner)) !== 'no';
  const deliver = async (step: Step) => {
    const request = { step, key: undefined, secret: undefined, rivals: false };
    await patiently(async () => (await world.run(request, 0)).answer as Answer);
  };
  try {
    if (model.isDeleted(organization) !== 'no') await deliver({ user: 0, does: 'delete organization' });
    for (const user of [0, 1]) {
      if (model.isDeleted(user) !== 'no') await deliver({ user, does: 'delete user' });
      await deliver({ user, does: 'update user', banned: false, wasBanned: true });
    }
    for (const owner of [0, 1, organization]) {
      if (model.isDeleted(owner) === 'no') await askForEachName(world, calls, owner);
    }
    const truth = await readTruth(world.api, world.owners);
    assertNone(leftOvers(truth, isGone));
    await verifyAll(world, model, calls);
  } finally {
    await calls.close();
  }
}

async function askForEachName(world: World, calls: ApiCaller, owner: number): Promise<void> {
  const isOrganization = owner === organization;
  // An administrator who is neither deleted nor banned.
  const token = isOrganization ? world.tokenOfNewAdministrator() : world.tokenOf({ user: owner });
  const input = isOrganization ? { owner: 'organization' } : { owner: 'user' };
  const listed: { name: string }[] = (await patiently(() => calls.list(token, undefined, input))).json;
  for (const name of ['Key 0', 'Key 1']) {
    const body = JSON.stringify({ name, ...input });
    const { status } = await patiently(() => calls.create(name, { token, body }));
    const expected = listed.some((key) => key.name === name) ? 409 : 200;
    if (status !== expected) throw new Error(`at the end ${name} of owner ${owner} is answered ${status}`);
  }
  // A list has two seconds for what it cleans up, which a busy machine may need for one key.
  await calls.list(token, undefined, input);
}

/** Asks up to three times, as callers do: on a busy machine the service may not answer in time. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask();
  for (let tries = 1; answer.status === 503 && tries < 3; tries += 1) answer = await ask();
  return answer;
}

/** Uses every secret, before and after the grace periods are over. */
async function verifyAll(world: World, model: Model, calls: ApiCaller): Promise<void> {
  for (const key of model.keys) {
    for (const graceIsOver of [false, true]) {
      if (graceIsOver) {
        const step = { user: 0, does: 'end grace', key: 0 } as const;
        await world.run({ step, key, secret: undefined, rivals: false }, 0);
      }
      const works = [];
      for (const secret of key.secrets.told) {
        const { stored, uses } = await readTruth(world.api, world.owners);
        const item = stored.get(key.id);
        const isKey = item?.secretDigest !== undefined && isUsable(item);
        const expected = isKey && isAccepted(item, uses.get(key.id), secret) ? 200 : 401;
        const { status } = await patiently(() => calls.whoami(secret));
        if (status !== expected) throw new Error(`at the end a secret of ${key.id} is answered ${status}`);
        if (status === 200) works.push(secret);
      }
      // The newest was told and used, unless the answer to a rotation was lost.
      const [newest = ''] = key.secrets.told;
      const most = graceIsOver && works.includes(newest) && key.secrets.isCurrent(newest) === 'yes' ? 1 : 2;
      if (works.length > most) throw new Error(`I7: at the end ${works.length} secrets of ${key.id} are accepted`);
    }
  }
}

function assertNone(broken: readonly string[]): void {
  if (broken.length > 0) throw new Error(broken.join('\n'));
}
