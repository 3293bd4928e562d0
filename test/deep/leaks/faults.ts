import { randomUUID } from 'node:crypto';
import { userDeleted } from '../../../local/clerk/webhooks';
import type { Answer, ApiCaller } from '../../support/api-caller';
import type { ApiHarness } from '../../support/api-harness';
import type { Fault, FaultyProxy } from '../../support/faulty-proxy';

/** What calls go to. */
export type Part = 'clerk' | 'dynamodb' | 'secretsManager';

export const parts: readonly Part[] = ['clerk', 'dynamodb', 'secretsManager'];

/** A part's error that quotes whatever it was sent, as some do. */
const refusal = (status: number, quoted: string): Fault => ({
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

/** How a call can fail, by what is said of it; `quoted` holds secrets, for the answers that make some up. */
export const faults: Readonly<Record<string, (quoted: string) => Fault>> = {
  'is reset before its effect': () => ({ kind: 'reset', effect: false }),
  'is reset after its effect': () => ({ kind: 'reset', effect: true }),
  hangs: () => ({ kind: 'hang', effect: true }),
  'is answered 401': (quoted) => refusal(401, quoted),
  'is answered 403': (quoted) => refusal(403, quoted),
  'is answered 422': (quoted) => refusal(422, quoted),
  'is answered 429': (quoted) => refusal(429, quoted),
  'is answered 500': (quoted) => refusal(500, quoted),
  'breaks off': () => ({ kind: 'truncate' }),
  'is of another type': () => ({ kind: 'content-type', value: 'text/html' }),
  'is no JSON': (quoted) => ({ kind: 'answer', status: 200, body: `{"secret": "${quoted}` }),
};

/** Who asks, with a key made while all was well. */
export interface Asker {
  readonly user: string;
  readonly token: string;
  readonly key: { readonly id: string; readonly secret: string };
}

/** A request during which one call fails. */
export interface Situation {
  readonly what: string;
  readonly part: Part;
  /** The call that fails. */
  readonly call: RegExp;
  /** What has to be, or to fail as well, before. */
  arrange?(
    asker: Asker,
    api: ApiHarness,
    proxies: Readonly<Record<Part, FaultyProxy>>,
    well: ApiCaller,
  ): unknown;
  ask(caller: ApiCaller, asker: Asker): Promise<Answer>;
}

const always = Number.POSITIVE_INFINITY;
const create = (caller: ApiCaller, { token }: Asker) => caller.create('Another Key', { token });
const list = (caller: ApiCaller, { token }: Asker) => caller.list(token);
const revoke = (caller: ApiCaller, { token, key }: Asker) => caller.revoke(key.id, token);
const whoami = (caller: ApiCaller, { key }: Asker) => caller.whoami(key.secret);
const deleted = (caller: ApiCaller, { user }: Asker) => caller.deliver(userDeleted(user));

/** What a crash leaves: a Clerk key of the name that is asked for, without a record. */
const orphan: Situation['arrange'] = ({ user }, api) =>
  api.apiKeys.create({ name: 'Another Key', subject: user, claims: { keyId: randomUUID(), stage: 'test' } });

const clerk = (what: string, call: RegExp, ask: Situation['ask'], arrange?: Situation['arrange']) =>
  situation(what, 'clerk', call, ask, arrange);
const table = (what: string, call: RegExp, ask: Situation['ask'], arrange?: Situation['arrange']) =>
  situation(what, 'dynamodb', call, ask, arrange);
const secret = (what: string, ask: Situation['ask']) =>
  situation(what, 'secretsManager', /GetSecretValue/, ask);

function situation(
  what: string,
  part: Part,
  call: RegExp,
  ask: Situation['ask'],
  arrange?: Situation['arrange'],
): Situation {
  return { what, part, call, ask, ...(arrange && { arrange }) };
}

/** Every call that is made, in every request that makes it. */
export const situations: readonly Situation[] = [
  secret('create', create),
  secret('list', list),
  secret('revoke', revoke),
  secret('user.deleted', deleted),
  clerk('create', /POST \/api_keys$/, create),
  clerk('create, looking for an orphan', /GET \/api_keys$/, create, orphan),
  clerk('create, revoking an orphan', /revoke$/, create, orphan),
  clerk('create, taking it back', /revoke$/, create, (_asker, _api, { dynamodb }) =>
    dynamodb.fail(/PutItem/, refusal(400, ''), always),
  ),
  clerk('revoke', /revoke$/, revoke),
  clerk('revoke, looking whether it is', /GET \/api_keys\/ak_/, revoke, (_asker, _api, proxies) =>
    proxies.clerk.fail(/revoke$/, refusal(422, ''), always),
  ),
  clerk('list, telling what is owed', /revoke$/, async (caller, asker) => {
    await revoke(caller, asker);
    return await list(caller, asker);
  }),
  clerk('user.deleted', /revoke$/, deleted),
  table('create', /PutItem/, create),
  table('create, looking what was stored', /GetItem/, create, (_asker, _api, { dynamodb }) =>
    dynamodb.fail(/PutItem/, { kind: 'reset', effect: true }, always),
  ),
  table('list', /Query/, list),
  table('revoke', /UpdateItem/, revoke),
  table('revoke again', /GetItem/, revoke, (asker, _api, _proxies, well) => revoke(well, asker)),
  table('whoami', /UpdateItem/, whoami),
  table('whoami, looking for its user', /GetItem/, whoami),
  table('user.deleted, noting it', /UpdateItem/, deleted),
  table('user.deleted, looking for keys', /Query/, deleted),
];
