import { userDeleted, userUpdated } from '../../../local/clerk/webhooks';
import { apiForTests, newUser } from '../../support/api-harness';
import { Scheduler, seeded } from './scheduler';

// What the model checks, by the real handler: its calls to DynamoDB and Clerk in a random order, with up to two faults.
// The promises are checked by the API alone. SCHEDULES says how many runs there are, SEED where they begin.

const runs = Number(process.env.SCHEDULES ?? 2_000);
const firstSeed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const name = 'Production Key';
const api = apiForTests();

beforeAll(() => {
  // The SDK waits for a random time before it retries; here it does not wait.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});

// An age only saves a caller a failed attempt: without any, every promise still holds.
beforeEach(() => api.coldStart({ ORPHAN_AGE_SECONDS: '0.000001' }));

async function playOnce(seed: number): Promise<string[]> {
  const random = seeded(seed);
  const scheduler = new Scheduler(random, Math.floor(random() * 3));
  const user = newUser();
  const token = api.sessions.sign(user, 600);
  const told: { id: string; secrets: string[] }[] = [];
  const revoked = new Set<string>();
  let deletionAnswered = false;
  const step = (what: string, status: number) => scheduler.trace.push(`${what} -> ${status}`);
  const create = async () => {
    const { status, json } = await api.create(name, { token });
    if (status === 200) told.push({ id: json.id, secrets: [json.secret] });
    step('create', status);
  };
  const list = async () => void step('list', (await api.list(token)).status);
  const revoke = async () => {
    const { json } = await api.list(token);
    const key = told[0] ?? json?.[0];
    if (!key) return;
    const { status } = await api.revoke(key.id, token);
    if (status === 200) revoked.add(key.id);
    step('revoke', status);
  };
  const rotate = async () => {
    const [key] = told;
    if (!key) return;
    const { status, json } = await api.call('rotate', { id: key.id, gracePeriodSeconds: 3_600 }, { token });
    step('rotate', status);
    if (status === 200) key.secrets.push(json.secret);
    if (status === 503) await rotate();
  };
  const deliver = async (what: string, event: object): Promise<void> => {
    const { status } = await api.deliver(event);
    step(what, status);
    if (status !== 200) await deliver(what, event);
  };
  const deleteOwner = async () => {
    await deliver('delete', userDeleted(user));
    deletionAnswered = true;
  };
  const ban = () => deliver('ban', userUpdated(api.users.ban(user)));
  const endBan = async () => {
    await list();
    await deliver('end of ban', userUpdated(api.users.unban(user)));
  };
  const createTwice = () => create().then(create);
  const candidates = [createTwice, list, revoke, deleteOwner, ban, endBan, rotate, rotate].filter(() => random() < 0.4);
  if (random() < 0.5) await create();
  scheduler.gate(api.dynamodb, (operation) => /PutItem|UpdateItem|DeleteItem/.test(operation));
  scheduler.gate(api.clerk, (operation) => operation.startsWith('POST'));
  await scheduler.run([create, create, ...candidates]);
  api.reset();
  const broken: string[] = [];
  const verifying: string[] = [];
  const { banned } = api.users.get(user);
  for (const { id, secrets } of told) {
    // Nobody uses the new secrets, so the first one is always the older of two.
    const statuses: number[] = [];
    for (const secret of secrets) statuses.push((await api.whoami(secret)).status);
    const works = statuses.filter((status) => status === 200).length;
    const ended = revoked.has(id) || deletionAnswered;
    if (works > 0) verifying.push(id);
    if ((ended || banned) && works > 0) broken.push(`I4, I5, I8: ${id} was ended, and is answered ${statuses}`);
    if (!ended && !banned && statuses[0] !== 200) broken.push(`I1, I8: ${id} was told, and is answered ${statuses}`);
    if (works > 2) broken.push(`I7: ${works} secrets of ${id} verify`);
  }
  const { json: listed } = await api.list(token);
  const isListed = (id: string) => listed.some((key: { id: string }) => key.id === id);
  if (!verifying.every(isListed)) broken.push('I2: a key that verifies is not listed');
  if (verifying.length > 1) broken.push('I3: two told keys of the name verify');
  return broken.length > 0 ? [`seed ${seed}`, ...scheduler.trace, ...broken] : [];
}

it(`keeps every promise in ${runs} random schedules from seed ${firstSeed}`, async () => {
  for (let run = 0; run < runs; run++) expect(await playOnce(firstSeed + run)).toEqual([]);
}, 1_200_000);
