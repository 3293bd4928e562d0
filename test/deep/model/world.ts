import { setTimeout as wait } from 'node:timers/promises';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyPrimaryKey, primaryKeyOfUse } from '../../../lambda/keys/repository/primary-keys';
import { organizationClaim } from '../../../local/clerk/session-tokens';
import { organizationDeleted, userDeleted, userUpdated } from '../../../local/clerk/webhooks';
import { type Answer, type ApiCaller, apiCaller } from '../../support/api-caller';
import { type ApiHarness, newUser } from '../../support/api-harness';
import type { Fault, FaultyProxy } from '../../support/faulty-proxy';
import { organization, type Request } from './model';
import { endpointOf, type Network, nowhere, type Part, startNetwork } from './network';
import { type PlannedFault, parts, type Step } from './sequences';
import { readTruth } from './truth';

/** The time that Lambda gives a request that will hang: its margin of a second and a little more. In ms. */
const shortMs = 1_300;

/** How long an answer is held back at most, in ms: less than the function waits for it. */
const lateMs = { clerk: 4_000, dynamodb: 700, secretsManager: 700 };

/** From when on, in ms, a request is so slow that a busy machine may be the reason for a 503. */
const slowMs = 400;

const unknownId = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';

/** How a request ended: without an answer when its process was killed. */
export interface Outcome {
  readonly answer: Answer | undefined;
  readonly slow: boolean;
}

/** One process of the function: its handler, and a network of its own. */
interface Process {
  readonly calls: ApiCaller;
  readonly network: Network;
  alive: boolean;
}

/** How far ahead a key expires, and how long a grace period is: longer than a sequence takes. */
const hourSeconds = 3_600;

/** Owners, and processes of the function that serve them. Several worlds share the tables and Clerk. */
export class World {
  readonly owners = [newUser(), newUser(), newUser().replace('user_', 'org_')];
  private readonly processes: (Process | undefined)[] = [];

  constructor(readonly api: ApiHarness) {}

  isBannedAtClerk = (user: number): boolean => this.api.users.get(this.owner(user)).banned;

  /** Runs a request in process `n`, with its fault. @param others the end of the other requests of the round. */
  async run(request: Request, n: number, others?: () => Promise<unknown>): Promise<Outcome> {
    const { cold, fault } = request.step;
    if (await this.letTimePass(request))
      return { answer: { status: 200, headers: {}, text: '', json: {} }, slow: false };
    const refusing = fault?.kind === 'refused' ? fault.part : undefined;
    if (cold || refusing) await this.end(n);
    const process = await this.process(n, refusing);
    const { network } = process;
    if (fault?.kind === 'late') delay(network[fault.part], fault, others);
    else if (fault && !refusing) network[fault.part].fail(/./, faultOf(fault, process), fault.times, fault.skip);
    const startedAt = performance.now();
    const answer = await this.call(process.calls, request, fault?.kind.startsWith('hang') ? shortMs : undefined);
    const slow = performance.now() - startedAt > slowMs;
    const { alive } = process;
    network.reset();
    if (!alive || refusing) await this.end(n);
    return { answer: alive ? answer : undefined, slow };
  }

  private async call(calls: ApiCaller, { step, key, secret }: Request, remainingMs?: number): Promise<Answer> {
    const token = this.tokenOf(step);
    const id = key?.id ?? unknownId;
    const post = (procedure: string, input: object) =>
      calls.create('', { token, remainingMs, procedure, body: JSON.stringify(input) });
    const ask = (procedure: string, input: object) => {
      const query = `input=${encodeURIComponent(JSON.stringify(input))}`;
      return calls.create('', { token, remainingMs, method: 'GET', procedure, query });
    };
    switch (step.does) {
      case 'create':
        return await post('keys.create', {
          name: `Key ${step.name}`,
          ...(step.ofOrganization && { owner: 'organization' }),
          ...(step.scoped && { scopes: ['docs:read'] }),
          ...(step.expires && { expiresAt: new Date(Date.now() + hourSeconds * 1000).toISOString() }),
        });
      case 'list': {
        const { limit, after, ofOrganization } = step;
        const isPlain = limit === undefined && after === undefined && !ofOrganization;
        const owner = ofOrganization ? 'organization' : 'user';
        const input = { limit, owner, ...(after !== undefined && { after: id }) };
        return await calls.list(token, remainingMs, isPlain ? undefined : input);
      }
      case 'get':
      case 'usage':
        return await ask(`keys.${step.does}`, { id });
      case 'update':
        return await post('keys.update', { id, enabled: step.enabled });
      case 'rotate':
        return await post('keys.rotate', { id, gracePeriodSeconds: step.graceful ? hourSeconds : 0 });
      case 'revoke':
        return await post('keys.revoke', { id });
      case 'revoke self': {
        const headers = { 'x-api-key': (step.altered ? alter(secret) : secret) ?? '' };
        return await calls.create('', { remainingMs, procedure: 'keys.revokeSelf', headers });
      }
      case 'whoami':
        return await calls.whoami(step.altered ? alter(secret) : secret, remainingMs);
      case 'delete user':
      case 'delete organization': {
        const isUser = step.does === 'delete user';
        const owner = this.owner(isUser ? step.user : organization);
        if (!step.lag) this.api.apiKeys.deleteSubject(owner);
        return await calls.deliver((isUser ? userDeleted : organizationDeleted)(owner), undefined, remainingMs);
      }
      case 'update user': {
        const user = this.owner(step.user);
        if (step.banned !== undefined) this.api.users[step.banned ? 'ban' : 'unban'](user);
        const delivered = { ...this.api.users.get(user), banned: step.wasBanned };
        return await calls.deliver(userUpdated(delivered), undefined, remainingMs);
      }
      default:
        throw new Error(`${step.does} is no request`);
    }
  }

  /** Changes what is stored as if time had passed. @returns false for a step that is a request */
  private async letTimePass({ step, key }: Request): Promise<boolean> {
    if (step.does !== 'expire' && step.does !== 'end grace') return false;
    if (!key) return true;
    const { client, tableName, usesTableName } = this.api.tables;
    const change = (TableName: string, Key: object, name: string, to: unknown) => {
      const command = new UpdateItemCommand({
        TableName,
        Key: marshall(Key),
        UpdateExpression: 'SET #name = :to',
        ConditionExpression: 'attribute_exists(#name)',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: marshall({ ':to': to }),
      });
      return client.send(command).catch((error: Error) => {
        if (error.name !== 'ConditionalCheckFailedException') throw error;
      });
    };
    const past = Date.now() - 2 * hourSeconds * 1000;
    if (step.does === 'expire') {
      await change(tableName, keyPrimaryKey(key.id), 'expiresAt', new Date(past).toISOString());
      return true;
    }
    const { uses } = await readTruth(this.api, this.owners);
    const names = Object.keys(uses.get(key.id) ?? {}).filter((name) => name.startsWith('firstUseOf'));
    const use = primaryKeyOfUse(key.id, 'us-east-1');
    for (const name of names) await change(usesTableName, use, name, past);
    return true;
  }

  /** Process `n`, started if it does not run. @param refusing the part that accepts no connection from it. */
  private async process(n: number, refusing?: Part): Promise<Process> {
    const process =
      this.processes[n] ?? (await startProcess(this.api, refusing && { [endpointOf[refusing]]: nowhere }));
    this.processes[n] = process;
    return process;
  }

  private async end(n: number): Promise<void> {
    await this.processes[n]?.network.close();
    this.processes[n] = undefined;
  }

  /** A process that runs when no request of before can still be running. */
  async later(): Promise<ApiCaller & { close(): Promise<void> }> {
    await wait(2);
    const { calls, network } = await startProcess(this.api, { ORPHAN_AGE_SECONDS: '0.001' });
    return { ...calls, close: network.close };
  }

  tokenOf({ user, role }: Pick<Step, 'user' | 'role'>): string {
    const claim = role && organizationClaim(this.owner(organization), role);
    return this.api.sessions.sign(this.owner(user), 600, claim);
  }

  /** A session token of somebody else who is an administrator of the organization. */
  tokenOfNewAdministrator(): string {
    return this.api.sessions.sign(newUser(), 600, organizationClaim(this.owner(organization), 'admin'));
  }

  private owner = (index: number) => this.owners[index] ?? '';

  async close(): Promise<void> {
    for (const n of this.processes.keys()) await this.end(n);
  }
}

async function startProcess(api: ApiHarness, overrides: Record<string, string> = {}): Promise<Process> {
  const network = await startNetwork(api.behind);
  api.coldStart({ ...network.environment, KEY_REQUESTS_PER_MINUTE: '1000000', ...overrides });
  return { calls: apiCaller(api.handler, api.usable), network, alive: true };
}

function faultOf({ kind, part }: PlannedFault, process: Process): Fault {
  const effect = kind.endsWith('after');
  if (kind.startsWith('reset')) return { kind: 'reset', effect };
  if (kind.startsWith('hang')) return { kind: 'hang', effect };
  if (kind.startsWith('killed')) return { kind: 'die', effect, die: () => kill(process) };
  if (kind.startsWith('500')) return refusal(500, effect, 'InternalServerError');
  if (kind === 'truncated') return { kind: 'truncate' };
  if (kind === 'odd content type') return { kind: 'content-type', value: 'application/json; charset=utf-8' };
  if (part !== 'dynamodb') return refusal(kind === '429' && part === 'clerk' ? 429 : 503);
  return refusal(400, false, kind === '429' ? 'ThrottlingException' : 'AccessDeniedException');
}

/** Holds back the answer to a call until the others have ended. */
function delay(proxy: FaultyProxy, { part, skip }: PlannedFault, others?: () => Promise<unknown>): void {
  for (let n = 0; n < skip; n += 1) proxy.afterEffectOf(/./, () => {});
  proxy.afterEffectOf(/./, async () => {
    await Promise.race([others?.(), wait(lateMs[part])]);
  });
}

/** From here on nothing that the process does has an effect, as if it had been killed. */
function kill(process: Process): void {
  process.alive = false;
  process.network.reset();
  for (const part of parts) {
    process.network[part].fail(/./, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
  }
}

const refusal = (status: number, effect = false, type = ''): Fault => ({
  kind: 'answer',
  status,
  effect,
  body: { __type: type, message: 'no', errors: [{ message: 'no', long_message: 'no', code: 'no' }] },
});

/** Another secret of the same form: its last random digit is changed, and its checksum is not. */
const alter = (secret = '') => secret.replace(/.(?=.{6}$)/, (digit) => (digit === 'a' ? 'b' : 'a'));
