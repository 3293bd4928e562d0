import { randomUUID } from 'node:crypto';
import { userDeleted, userUpdated } from '../../../local/clerk/webhooks';
import type { Answer, ApiCaller } from '../../support/api-caller';
import { type ApiHarness, newUser } from '../../support/api-harness';
import type { Fault } from '../../support/faulty-proxy';
import { endpointOf, type Network, nowhere, type Part, startNetwork } from '../model/network';
import { parts } from '../model/sequences';
import type { Hunt } from './hunt';

const always = Number.POSITIVE_INFINITY;
/** How long a request may take that hangs, in ms: Lambda's time, a second of which the handler reserves. */
const hangingMs = 2_000;
const patientMs = 10_000;

/** An error that quotes what the part was sent, as some do. */
const refusal = (status: number, quoted = ''): Fault => ({
  kind: 'answer',
  status,
  body: {
    __type: 'com.amazonaws#SomeException',
    message: `Refused: ${quoted}`,
    Message: `Refused: ${quoted}`,
    errors: [{ message: quoted, long_message: `Refused: ${quoted}`, code: 'refused', meta: { quoted } }],
  },
  headers: { 'x-amzn-errortype': 'SomeException', 'x-quoted': quoted.replaceAll(/[^\w.-]/g, ' ') },
});

const faults: Readonly<Record<string, (quoted: string) => Fault>> = {
  // This one takes longest and is started first.
  hangs: () => ({ kind: 'hang', effect: true }),
  'is reset before its effect': () => ({ kind: 'reset', effect: false }),
  'is reset after its effect': () => ({ kind: 'reset', effect: true }),
  ...Object.fromEntries(
    [401, 403, 422, 429, 500].map((status) => [`is answered ${status}`, (quoted: string) => refusal(status, quoted)]),
  ),
  'is truncated': () => ({ kind: 'truncate' }),
  'is of another type': () => ({ kind: 'content-type', value: 'text/html' }),
  'is not JSON': (quoted) => ({ kind: 'answer', status: 200, body: `{"secret": "${quoted}` }),
};

/** Who sends the request, with a key from before. */
interface Asker {
  readonly user: string;
  readonly token: string;
  readonly key: { readonly id: string; readonly secret: string };
  readonly api: ApiHarness;
}
type Ask = (caller: ApiCaller, asker: Asker) => Promise<Answer>;
/** Prepares a situation: what has to be stored, and what else has to fail. */
type Arrange = (network: Network, asker: Asker, api: ApiHarness) => void | Promise<void>;

/** A request during which one call fails. */
interface Situation {
  readonly what: string;
  readonly part: Part;
  /** The operation that fails, and how many of its calls succeed before. */
  readonly call: RegExp;
  readonly skip: number;
  readonly ask: Ask;
  readonly arrange?: Arrange | undefined;
}

const create: Ask = (caller, { token }) => caller.create('Another Key', { token });
const createAgain: Ask = (caller, { token }) => caller.create('Key', { token });
const list: Ask = (caller, { token }) => caller.list(token);
const listAfter: Ask = (caller, { token, key }) => caller.list(token, undefined, { after: key.id });
const revoke: Ask = (caller, { token, key }) => caller.revoke(key.id, token);
const whoami: Ask = (caller, { key }) => caller.whoami(key.secret);
const revokeSelf: Ask = (caller, { key }) => caller.call('revokeSelf', undefined, { key: key.secret });
const aboutKey =
  (procedure: string, input: object = {}): Ask =>
  (caller, { token, key }) =>
    caller.call(procedure, { id: key.id, ...input }, { token });
const get = aboutKey('get');
const usage = aboutKey('usage');
const update = aboutKey('update', { enabled: false });
const rotate = aboutKey('rotate', { gracePeriodSeconds: 3_600 });
const deleted: Ask = (caller, { user }) => caller.deliver(userDeleted(user));
const suspended: Ask = (caller, { user, api }) => caller.deliver(userUpdated(api.users.ban(user)));
const inTurn =
  (first: Ask, second: Ask): Ask =>
  async (caller, asker) => {
    await first(caller, asker);
    return await second(caller, asker);
  };
const revokeAndList = inTurn(revoke, list);
const whoamiAgain = inTurn(whoami, whoami);
const rotateAgain = inTurn(rotate, rotate);
const endPrevious = inTurn(rotate, revokeSelf);
const whoamiWithPrevious = inTurn(rotate, whoami);

/** What a killed process leaves: a Clerk key of the name that is asked for, without a key here. */
const orphan: Arrange = async (_network, { user: subject }, api) => {
  const deploymentId = (await api.everything()).find((item) => item.deploymentId)?.deploymentId;
  api.apiKeys.create({ name: 'Another Key', subject, claims: { keyId: randomUUID(), deploymentId } });
};
/** The key is certainly not stored, or nobody knows; its entry is put first. */
const notStored: Arrange = ({ dynamodb }) => dynamodb.fail(/PutItem/, refusal(400), always, 1);
const perhapsStored: Arrange = ({ dynamodb }) => dynamodb.fail(/PutItem/, { kind: 'reset', effect: true }, always, 1);
const clerkRefuses =
  (operation: RegExp): Arrange =>
  ({ clerk }) =>
    clerk.fail(operation, refusal(422), always);

const at =
  (part: Part) =>
  (what: string, call: RegExp, ask: Ask, { skip = 0, arrange }: Partial<Situation> = {}): Situation => ({
    what: `${what}: ${part} ${call.source}`,
    part,
    call,
    skip,
    ask,
    arrange,
  });
const [secret, clerk, table] = [at('secretsManager'), at('clerk'), at('dynamodb')];

/** Every call that is made, in every request that makes it. */
const situations: readonly Situation[] = [
  ...[create, list, get, revoke, deleted, update, rotate, suspended].map((ask) => secret('any', /GetSecretValue/, ask)),
  clerk('create', /POST \/api_keys$/, create),
  clerk('create, finding an orphan', /GET \/api_keys$/, create, { arrange: orphan }),
  clerk('create, revoking an orphan', /revoke$/, create, { arrange: orphan }),
  clerk('create, after an orphan', /POST \/api_keys$/, create, { arrange: orphan, skip: 1 }),
  clerk('create, not stored', /revoke$/, create, { arrange: notStored }),
  clerk('revoke', /revoke$/, revoke),
  clerk('revoke, checking', /GET \/api_keys\/ak_/, revoke, { arrange: clerkRefuses(/revoke$/) }),
  clerk('list, with a pending revocation', /revoke$/, revokeAndList),
  clerk('user.deleted', /revoke$/, deleted),
  clerk('revokeSelf', /revoke$/, revokeSelf),
  clerk('user.updated', /GET .*users/, suspended),
  table('create, counting', /UpdateItem/, create),
  table('create, its entry', /PutItem/, create),
  table('create, reading the owner', /Query/, create),
  table('create, of a name in use', /BatchGetItem/, createAgain),
  table('create, finding an orphan', /GetItem/, create, { arrange: orphan }),
  table('create, giving up an orphan', /UpdateItem/, create, { arrange: orphan, skip: 2 }),
  table('create, its key', /PutItem/, create, { skip: 1 }),
  table('create, giving up', /UpdateItem/, create, { arrange: perhapsStored, skip: 2 }),
  table('create, refused by Clerk', /DeleteItem/, create, { arrange: clerkRefuses(/POST \/api_keys$/) }),
  table('list', /Query/, list),
  table('list, keys', /BatchGetItem/, list),
  table('list, uses', /BatchGetItem/, list, { skip: 1 }),
  table('list, after a key', /^GetItem/, listAfter),
  table('get', /^GetItem/, get),
  table('get, uses', /BatchGetItem/, get),
  table('revoke', /UpdateItem/, revoke),
  table('revoke, settling', /UpdateItem/, revoke, { skip: 1 }),
  table('revoke, its entry', /DeleteItem/, revoke),
  table('whoami', /^GetItem/, whoami),
  table('whoami, counting', /UpdateItem/, whoami),
  table('whoami, of a known key', /UpdateItem/, whoamiAgain, { skip: 1 }),
  table('update', /UpdateItem/, update),
  table('rotate, reading', /^GetItem/, rotate),
  table('rotate', /UpdateItem/, rotate),
  table('rotate again, reading the uses', /^GetItem/, rotateAgain, { skip: 2 }),
  table('revokeSelf, reading', /^GetItem/, revokeSelf),
  table('revokeSelf', /UpdateItem/, revokeSelf),
  table('revokeSelf, of a previous secret', /UpdateItem/, endPrevious, { skip: 1 }),
  table('whoami, with a previous secret', /UpdateItem/, whoamiWithPrevious, { skip: 1 }),
  table('usage', /^GetItem/, usage),
  table('user.updated', /UpdateItem/, suspended),
  table('user.updated, the owner', /UpdateItem/, suspended, { skip: 1 }),
  table('user.updated, finding keys', /Query/, suspended),
  table('user.updated, a key', /UpdateItem/, suspended, { skip: 2 }),
  table('user.deleted', /UpdateItem/, deleted),
  table('user.deleted, finding keys', /Query/, deleted),
  table('user.deleted, ending keys', /UpdateItem/, deleted, { skip: 1 }),
  table('user.deleted, settling', /UpdateItem/, deleted, { skip: 2 }),
  table('user.deleted, entries', /DeleteItem/, deleted),
];

async function newAsker({ api, caller }: Hunt): Promise<Asker> {
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  return { user, token, key: (await caller().create('Key', { token })).json, api };
}

/** In front of the harness's own proxies, which record all calls. */
const startLane = ({ api: { clerk, dynamodb, secretsManager } }: Hunt) =>
  startNetwork({ clerk: clerk.url, dynamodb: dynamodb.url, secretsManager: secretsManager.url });
const environmentOf = ({ environment }: Network) => ({ ...environment, ORPHAN_AGE_SECONDS: '0.001' });

/** Sends the requests of all situations of a part while its call fails in one way; those where it did not fail. */
async function runLane(hunt: Hunt, kind: string, part: Part): Promise<string[]> {
  const network = await startLane(hunt);
  const unmet: string[] = [];
  // A process reads the secret once, so a new one is started for each request that has to read it.
  const start = () => hunt.functions.start('api', environmentOf(network));
  const shared = start();
  for (const { what, call, skip, ask, arrange } of situations.filter((each) => each.part === part)) {
    const asker = await newAsker(hunt);
    await arrange?.(network, asker, hunt.api);
    const { secretKey, webhookSecret } = hunt.api.usable;
    const quoted = [secretKey, asker.token, asker.key.secret, webhookSecret].join(' and ');
    const fault = faults[kind]?.(quoted) as Fault;
    network[part].fail(call, fault, always, skip);
    const instance = part === 'secretsManager' ? start() : shared;
    await ask(hunt.caller(instance, kind === 'hangs' ? hangingMs : patientMs), asker);
    const calls = network[part].calls.filter(({ step }) => call.test(step));
    if (calls.length <= skip) unmet.push(`${what} ${kind}`);
    network.reset();
  }
  await network.close();
  return unmet;
}

/** Every fault at every call of every request; the situations in which the call was not made. */
export async function runFaults(hunt: Hunt): Promise<string[]> {
  const lanes = Object.keys(faults).flatMap((kind) => parts.map((part) => ({ kind, part })));
  const unmet: string[] = [];
  const work = async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift())
      unmet.push(...(await runLane(hunt, lane.kind, lane.part)));
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return unmet;
}

export async function runRefusals(hunt: Hunt): Promise<Set<number>> {
  const network = await startLane(hunt);
  const statuses = new Set<number>();
  for (const part of parts) {
    for (const ask of new Set(situations.map((situation) => situation.ask))) {
      const environment = { ...environmentOf(network), [endpointOf[part]]: nowhere };
      const instance = hunt.functions.start('api', environment);
      statuses.add((await ask(hunt.caller(instance, patientMs), await newAsker(hunt))).status);
    }
  }
  await network.close();
  return statuses;
}
