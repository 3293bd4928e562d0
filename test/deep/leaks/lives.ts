import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { organizationDeleted, userDeleted, userUpdated } from '../../../local/clerk/webhooks';
import type { SignedReport } from '../../../local/github/secret-scanning';
import { reportEvent } from '../../support/http-api-events';
import type { Hunt } from './hunt';

/** What happens to keys when nothing fails, a creation whose answer from Clerk is not JSON, and a limit; the statuses. */
export async function runKeyLives(hunt: Hunt): Promise<number[]> {
  const { api } = hunt;
  const caller = hunt.caller();
  const { user, token } = api.signedIn();
  const key = await caller.create('Key', { token });
  const other = await caller.create('Other', { token });
  const answers = [
    key,
    other,
    await caller.whoami(key.json.secret),
    await caller.whoami(`${key.json.secret}x`),
    await caller.list(token),
    await caller.get(key.json.id, token),
    // A secret where it does not belong. JSON.parse quotes the whole of a text as short as the last one.
    await caller.get(key.json.secret, token),
    await caller.list(token, undefined, { after: key.json.secret }),
    await caller.revoke(key.json.secret, token),
    await caller.create('', { token, body: `?${key.json.secret.slice(-16)}` }),
    await caller.revoke(key.json.id, token),
    await caller.whoami(key.json.secret),
  ];
  api.clerk.fail(/POST \/api_keys$/, { kind: 'content-type', value: 'text/plain' });
  answers.push(
    await caller.create('Odd', { token }),
    await caller.deliver(userDeleted(user)),
    await caller.whoami(other.json.secret),
  );
  const limited = hunt.caller(hunt.functions.start('api', { KEY_REQUESTS_PER_MINUTE: '1' }));
  const { secret } = (await limited.create('Limited', { token: api.signedIn().token })).json;
  answers.push(await limited.whoami(secret), await limited.whoami(secret));
  return answers.map(({ status }) => status);
}

/** What happens to keys that are rotated, changed, suspended and of an organization; the statuses. */
export async function runChangedLives(hunt: Hunt): Promise<number[]> {
  const { api } = hunt;
  const caller = hunt.caller();
  const { user, org, token } = api.memberOf('admin');
  const member = api.memberOf('member', user, org).token;
  const input = { name: 'Key', description: 'For the tests', scopes: ['docs:read'] };
  const first = await caller.call('create', { ...input, expiresAt: '2099-01-31T00:00:00Z' }, { token });
  const shared = await caller.call('create', { ...input, owner: 'organization' }, { token });
  const { id, secret } = first.json;
  const rotate = (gracePeriodSeconds: unknown) => caller.call('rotate', { id, gracePeriodSeconds }, { token });
  const second = await rotate(3_600);
  const third = await rotate(3_600);
  const answers = [
    first,
    shared,
    second,
    third,
    await caller.whoami(third.json.secret),
    await caller.whoami(secret),
    await caller.whoami(second.json.secret),
    // Secrets where they do not belong.
    await rotate(secret),
    await caller.call('update', { id, description: 7, scopes: [third.json.secret] }, { token }),
    await caller.call('update', { id, scopes: [third.json.secret] }, { token }),
    await caller.call('create', { name: 'Key', owner: third.json.secret }, { token }),
    await caller.call('create', { name: 'Key', expiresAt: third.json.secret }, { token }),
    await caller.call('usage', { id: third.json.secret }, { token }),
    await caller.call('update', { id, enabled: false }, { token }),
    await caller.whoami(third.json.secret),
    await caller.call('update', { id, enabled: true }, { token }),
    await caller.call('usage', { id }, { token }),
    await caller.call('rotate', { id: shared.json.id, gracePeriodSeconds: 0 }, { token: member }),
    await caller.deliver(userUpdated(api.users.ban(user))),
    await caller.whoami(third.json.secret),
    await caller.whoami(shared.json.secret),
    await caller.deliver(userUpdated(api.users.unban(user))),
    await caller.call('revokeSelf', undefined, { key: secret }),
    await caller.call('revokeSelf', undefined, { key: `${secret}x` }),
    await caller.call('revokeSelf', undefined, { key: third.json.secret }),
    await caller.call('rotate', { id, gracePeriodSeconds: 0 }, { token }),
    await caller.deliver(organizationDeleted(org)),
    await caller.whoami(shared.json.secret),
  ];
  return answers.map(({ status }) => status);
}

/** GitHub's reports of leaked keys, with all that can go wrong with them; the statuses. */
export async function runReports(hunt: Hunt): Promise<number[]> {
  const { api, canaries, functions } = hunt;
  const caller = hunt.caller();
  const token = api.signedIn().token;
  const key = (await caller.create('Key', { token })).json;
  const other = (await caller.create('Other', { token })).json;
  const { secret: next } = (await caller.call('rotate', { id: key.id, gracePeriodSeconds: 3_600 }, { token })).json;
  const place = randomBytes(24).toString('base64url');
  canaries.add('place of a leak', place);
  const reportOf = (...tokens: unknown[]) => {
    const url = `https://github.com/octocat/Hello-World/blob/${place}/foo.txt`;
    return api.scanning.report(tokens.map((one) => ({ token: one, type: 'satori_api_key', url, source: 'commit' })));
  };
  const send = (report: SignedReport, to = caller) => to.send(reportEvent(report));
  const whole = reportOf(key.secret, next, other.secret, `${next}x`, 7);
  const answers = [await send({ ...whole, headers: {} }), await send({ ...whole, body: `${whole.body} ` })];
  // A body that JSON.parse would quote.
  answers.push(await send(api.scanning.report([], `?${next.slice(-16)}`)));
  for (const step of [/GetItem key/, /UpdateItem key/]) {
    const quoted = { kind: 'answer', status: 400, body: { message: `Refused: ${next}`, quoted: next } } as const;
    api.dynamodb.fail(step, quoted);
    answers.push(await send(whole));
  }
  api.clerk.fail(/revoke$/, { kind: 'answer', status: 422, body: { errors: [{ message: next, code: next }] } });
  answers.push(await send(whole), await send(whole));
  for (const body of [next, JSON.stringify({ public_keys: next }), `{"message":"${place}"}`]) {
    api.github.fail(/./, { kind: 'answer', status: 200, body });
    answers.push(await send(whole, hunt.caller(functions.start('api'))));
  }
  for (const secret of [key.secret, next, other.secret]) answers.push(await caller.whoami(secret));
  return answers.map(({ status }) => status);
}

/** What an authorizer answers for a valid key, an altered one, a session token, and while the table refuses. */
export async function runAuthorizer(hunt: Hunt): Promise<unknown[]> {
  const { api, functions } = hunt;
  const token = api.signedIn().token;
  const { secret } = (await hunt.caller().create('Key', { token })).json;
  const authorizer = functions.start('authorizer');
  const verdictOn = async (key: string) => {
    const verdict = await hunt.ask(authorizer, {
      version: '2.0',
      type: 'REQUEST',
      routeKey: 'GET /hello',
      identitySource: [key],
      headers: { 'x-api-key': key, authorization: `Bearer ${token}` },
      requestContext: { requestId: 'r' },
    });
    return typeof verdict === 'string' ? verdict : (verdict as { isAuthorized: boolean }).isAuthorized;
  };
  const verdicts = [await verdictOn(secret), await verdictOn(`${secret}x`), await verdictOn(token)];
  const body = { __type: 'SomeException', message: `Refused: ${secret}` };
  api.dynamodb.fail(/./, { kind: 'answer', status: 400, body });
  verdicts.push(await verdictOn(secret));
  return verdicts;
}

/** What somebody may have stored in Secrets Manager by mistake, made of what belongs there. */
function malformedSecrets({ api: { usable }, canaries }: Hunt): string[] {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const line of privateKey.split('\n').slice(1, -2)) canaries.add('private key', line.padEnd(16));
  const { secretKey, jwtKey, webhookSecret } = usable;
  return [
    JSON.stringify(usable).slice(0, -1),
    `"${secretKey}`,
    secretKey,
    JSON.stringify(secretKey),
    JSON.stringify([secretKey, webhookSecret]),
    ...[
      { secretKey: secretKey.replace('sk_', 'pk_') },
      { [secretKey]: webhookSecret, secretKey: undefined },
      { jwtKey: secretKey },
      { jwtKey: jwtKey.replace('MII', secretKey) },
      { jwtKey: privateKey },
      { webhookSecret: webhookSecret.slice('whsec_'.length) },
      { webhookSecret: `whsec_${secretKey}` },
    ].map((change) => JSON.stringify({ ...usable, ...change })),
  ];
}

/** Sends each request that needs the secret, with each malformed one; the statuses of each. */
export async function runMalformedSecrets(hunt: Hunt): Promise<number[][]> {
  const { api } = hunt;
  const statuses: number[][] = [];
  for (const SecretString of malformedSecrets(hunt)) {
    const body = { Name: 'clerk-secret', SecretString };
    api.secretsManager.fail(/GetSecretValue/, { kind: 'answer', status: 200, body }, Number.POSITIVE_INFINITY);
    const { user, token } = api.signedIn();
    const caller = hunt.caller(hunt.functions.start('api'));
    const answers = [await caller.create('Key', { token }), await caller.list(token)];
    answers.push(await caller.deliver(userDeleted(user)));
    statuses.push(answers.map(({ status }) => status));
    api.secretsManager.reset();
  }
  return statuses;
}
