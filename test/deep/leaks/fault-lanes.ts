import { type ApiHarness, newUser } from '../../support/api-harness';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';
import { type Asker, faults, type Part, parts, type Situation, situations } from './faults';
import type { Hunt } from './hunt';

/** Which variable says where a part is. */
const variables: Readonly<Record<Part, string>> = {
  clerk: 'CLERK_API_URL',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  secretsManager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
};

/** How long a request may take that waits in vain, in ms: Lambda's time, of which the handler keeps a second back. */
const hangingMs = 1_600;
const patientMs = 10_000;

type Proxies = Readonly<Record<Part, FaultyProxy>>;

/** A network of its own before the harness's parts, so that one lane's faults are not another's. */
async function startProxies(api: ApiHarness): Promise<Proxies> {
  const started = await Promise.all(parts.map(async (part) => [part, await startFaultyProxy(api[part].url)]));
  return Object.fromEntries(started);
}

const environmentOf = (urls: Readonly<Record<Part, { readonly url: string }>>) => ({
  ORPHAN_AGE_SECONDS: '0.001',
  ...Object.fromEntries(parts.map((part) => [variables[part], urls[part].url])),
});

async function newAsker({ api, caller }: Hunt): Promise<Asker> {
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  return { user, token, key: (await caller().create('Key', { token })).json };
}

/** What a part that quotes what it got might quote. */
const quotedOf = ({ api }: Hunt, { token, key }: Asker) =>
  [api.usable.secretKey, token, key.secret, api.usable.webhookSecret].join(' and ');

/** Puts every request into the situations of a part while its call fails in one way; those where it never failed. */
async function runLane(hunt: Hunt, kind: string, part: Part): Promise<string[]> {
  const proxies = await startProxies(hunt.api);
  const unmet: string[] = [];
  // The secret is read once a process, so a process that cannot read it is needed for each try.
  const start = () => hunt.functions.start('api', environmentOf(proxies));
  const shared = start();
  const makeFault = faults[kind] as (quoted: string) => Fault;
  for (const situation of situations.filter((candidate) => candidate.part === part)) {
    const asker = await newAsker(hunt);
    await situation.arrange?.(asker, hunt.api, proxies, hunt.caller());
    proxies[part].fail(situation.call, makeFault(quotedOf(hunt, asker)), Number.POSITIVE_INFINITY);
    const instance = part === 'secretsManager' ? start() : shared;
    await situation.ask(hunt.caller(instance, kind === 'hangs' ? hangingMs : patientMs), asker);
    if (!proxies[part].calls.some(({ operation }) => situation.call.test(operation))) {
      unmet.push(`${situation.what}: ${situation.call} ${kind}`);
    }
    for (const proxy of Object.values(proxies)) proxy.reset();
  }
  await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
  return unmet;
}

/** Every fault at every call of every request, some lanes beside each other; the situations that never saw theirs. */
export async function runFaults(hunt: Hunt): Promise<string[]> {
  const lanes = Object.keys(faults).flatMap((kind) => parts.map((part) => ({ kind, part })));
  // Those that wait come first, and the others run while they do.
  lanes.sort((a, b) => Number(b.kind === 'hangs') - Number(a.kind === 'hangs'));
  const unmet: string[] = [];
  const work = async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift())
      unmet.push(...(await runLane(hunt, lane.kind, lane.part)));
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return unmet;
}

/** Each part refuses connections, in each request; the statuses that are answered. */
export async function runRefusals(hunt: Hunt): Promise<Set<number>> {
  const nobody = await startProxies(hunt.api);
  await Promise.all(Object.values(nobody).map((proxy) => proxy.close()));
  const statuses = new Set<number>();
  const asked = new Set<Situation['ask']>(situations.map(({ ask }) => ask));
  for (const part of parts) {
    for (const ask of asked) {
      const instance = hunt.functions.start('api', {
        ...environmentOf(hunt.api),
        [variables[part]]: nobody[part].url,
      });
      statuses.add((await ask(hunt.caller(instance, patientMs), await newAsker(hunt))).status);
    }
  }
  return statuses;
}
