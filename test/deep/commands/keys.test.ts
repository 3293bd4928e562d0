import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { newSecret } from '../../../lambda/keys/secret';
import { tableIds } from '../../../lib/constructs/table-ids';
import { keyTable, memberTable } from '../../../tools/cli/keys/key-report';
import { KeyOperator } from '../../../tools/cli/keys/operator';
import { apiForTests, localTemplate, newUser } from '../../support/api-harness';
import { codeOf } from '../../support/documents';
import { always, awsError, soon } from '../../support/expected';
import { commandEnvironment, runBeside, startLocalProcess } from '../../support/local-process';

jest.setTimeout(60_000);

const api = apiForTests();
const statusOf = async (secret: string) => (await api.whoami(secret)).status;

describe('an operator', () => {
  const none = () => {};
  const operator = () => {
    const { client, tableName: keys, usesTableName: uses } = api.tables;
    return new KeyOperator({ client, keys, uses, region: 'us-east-1' }, ['sk_satori'], ['us-east-1']);
  };

  it('sees the keys of an owner with their states and last uses, and no digest', async () => {
    const { user, token, ids, secrets } = await api.userWithKeys(4);
    await api.whoami(secrets[0]);
    await api.call('update', { id: ids[1], enabled: false }, { token });
    await api.call('rotate', { id: ids[2], gracePeriodSeconds: 60 }, { token });
    const listed = await operator().list(user, none);
    const states = listed.map(({ name, state }) => `${name} ${state}`);
    expect(states).toEqual(['Key 4 active', 'Key 3 active', 'Key 2 disabled', 'Key 1 active']);
    expect(listed[3]?.lastUsedAt).toMatch(/^\d{4}-/);
    expect(listed[1]?.previousSecretUntil).toMatch(/^\d{4}-/);
    const shown = [JSON.stringify(listed), keyTable(listed), memberTable(listed[1] ?? {})].join();
    const digests = (await api.items(user)).flatMap((item) => [item.secretDigest, item.previousDigest]);
    for (const digest of digests) if (digest) expect(shown).not.toContain(String(digest).slice(0, 12));
    expect(await operator().list(newUser(), none)).toEqual([]);
  });

  it('finds a key by its secret, and says which secret it is', async () => {
    const { id, token, secret } = await api.newKey();
    expect(await operator().showSecret(secret)).toMatchObject({ givenSecret: 'current', id, state: 'active' });
    const { secret: next } = (await api.call('rotate', { id, gracePeriodSeconds: 60 }, { token })).json;
    expect(await operator().showSecret(secret)).toMatchObject({ givenSecret: 'previous', id });
    await api.call('revokeSelf', undefined, { key: secret });
    expect(await operator().showSecret(secret)).toMatchObject({ givenSecret: 'previous, ended', id });
    await api.call('rotate', { id, gracePeriodSeconds: 0 }, { token });
    await expect(operator().showSecret(next)).rejects.toThrow('No key has this secret.');
    await expect(operator().showSecret('sk_satori_x')).rejects.toThrow('This is no secret of this stage');
    await expect(operator().showSecret(newSecret('sk_satori', randomUUID()))).rejects.toThrow('No key has this ID.');
  });

  it('revokes a key with the reason; the owner’s next list tells Clerk', async () => {
    const { user, token, id, secret } = await api.newKey();
    const revoked = { revokedNow: true, state: 'revoked', revocationReason: 'exposed', pendingAtClerk: true };
    expect(await operator().revoke(id, 'exposed')).toMatchObject(revoked);
    expect(await statusOf(secret)).toBe(401);
    expect(await operator().revoke(id, 'operator')).toMatchObject({ revokedNow: false, revocationReason: 'exposed' });
    expect([api.clerk.calls, api.clerkKeys(user)]).toEqual([[], [expect.anything()]]);
    await api.list(token);
    expect(api.clerkKeys(user)).toEqual([]);
    expect(await operator().show(id)).toMatchObject({ pendingAtClerk: false });
  });

  it('revokes by a secret: the key, or a previous secret alone', async () => {
    const { id, token, secret: previous } = await api.newKey();
    const { secret } = (await api.call('rotate', { id, gracePeriodSeconds: 60 }, { token })).json;
    expect(await operator().revokeSecret(previous, 'exposed')).toMatchObject({ revokedNow: true, state: 'active' });
    expect([await statusOf(previous), await statusOf(secret)]).toEqual([401, 200]);
    expect(await operator().revokeSecret(secret, 'exposed')).toMatchObject({ revokedNow: true, state: 'revoked' });
    expect(await statusOf(secret)).toBe(401);
    await expect(operator().revokeSecret(`${secret}x`, 'exposed')).rejects.toThrow('This is no secret of this stage');
  });

  it('revokes every key of an owner, also one that is being created, and of nobody else', async () => {
    const { user, ids, secrets } = await api.userWithKeys(3);
    const bystander = await api.newKey();
    await operator().revoke(ids[0] ?? '', 'operator');
    const { owners, keys } = api.repositories();
    const [stored] = (await api.items(user)) as [KeyItem];
    const late = { id: randomUUID(), ownerId: user, name: 'Late', createdAt: new Date().toISOString() };
    await owners.addEntry(late, soon());
    expect(await operator().countEntries(user)).toBe(4);
    expect(await operator().revokeAllOf(user, 'operator', none)).toEqual({ revoked: 2, revokedBefore: 1, givenUp: 1 });
    expect(await keys.storeKey({ ...stored, ...late }, soon())).toBe('ended');
    for (const secret of secrets) expect(await statusOf(secret)).toBe(401);
    expect(await statusOf(bystander.secret)).toBe(200);
    expect((await api.items(user)).map(({ revocationReason }) => revocationReason)).toEqual(Array(3).fill('operator'));
    await expect(operator().show(late.id)).rejects.toThrow('The creation of this key was given up.');
    await expect(operator().revoke(randomUUID(), 'operator')).rejects.toThrow('No key has this ID.');
  });

  it('counts what the table has, up to a maximum', async () => {
    const before = await operator().stats(100_000, none);
    const { ids } = await api.userWithKeys(2);
    await operator().revoke(ids[0] ?? '', 'operator');
    const after = await operator().stats(100_000, none);
    expect(after).toEqual({
      complete: true,
      itemsRead: before.itemsRead + 3,
      keys: { ...before.keys, active: before.keys.active + 1, revoked: before.keys.revoked + 1 },
      pendingAtClerk: before.pendingAtClerk + 1,
      givenUp: before.givenUp,
      owners: { ...before.owners, all: before.owners.all + 1 },
    });
    expect(await operator().stats(2, none)).toMatchObject({ complete: false, itemsRead: 2 });
  });
});

it('works beside npm start, as docs/operations.md says', async () => {
  const local = await startLocalProcess();
  try {
    const [, url = ''] = /Tables .* at (\S+)/.exec(local.output()) ?? [];
    const [, id = '', secret = ''] = /AWS_ACCESS_KEY_ID=(\S+) AWS_SECRET_ACCESS_KEY=(\S+)/.exec(local.output()) ?? [];
    const key = await (await local.create({ name: 'Local' }, await local.token())).json();
    const code = codeOf('docs/operations.md').find((one) => one.startsWith('--stage dev --dynamodb-url URL')) ?? '';
    const { status, stdout } = await runBeside('tools/cli/keys.ts', {
      args: ['revoke', key.id, '--json', ...code.replace('URL', url).split(' ')],
      environment: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret },
    });
    expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ id: key.id, revokedNow: true })]);
    const whoami = await fetch(`${local.url}/trpc/keys.whoami`, { headers: { 'x-api-key': key.secret } });
    expect(whoami.status).toBe(401);
  } finally {
    await local.stop();
  }
});

describe('npm run keys', () => {
  const environment = () => commandEnvironment(api);
  const tables = () => ['--table', api.tables.tableName, '--uses-table', api.tables.usesTableName];
  /** Runs it for prod, which has the harness's prefix. */
  const run = (words: string[], input = '', place = tables()) =>
    runBeside(
      'tools/cli/keys.ts',
      { args: [...words, '--stage', 'prod', '--dynamodb-url', api.dynamodb.url, ...place], environment: environment() },
      (child) => child.stdin?.end(input),
    );

  it('prints a table for people, JSON for programs, and what it uses on standard error', async () => {
    const { user, ids } = await api.userWithKeys(2);
    const people = await run(['list', '--owner', user]);
    expect(people.status).toBe(0);
    expect(people.stderr).toContain('AWS    account 000000000000, Region us-east-1: arn:aws:dynamodb:us-east-1');
    const lines = people.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3).join());
    expect(lines).toEqual(['id,state,name', `${ids[1]},active,Key 2`, `${ids[0]},active,Key 1`, '2 keys', '']);
    const programs = await run(['list', '--owner', user, '--json']);
    expect(JSON.parse(programs.stdout).map(({ id }: { id: string }) => id)).toEqual([...ids].reverse());
  });

  it('reads a secret from standard input and prints it nowhere', async () => {
    const { id, secret } = await api.newKey();
    const shown = await run(['show', '--secret'], `${secret}\n`);
    expect(shown.stdout).toMatch(new RegExp(`^givenSecret +current$[^]*^id +${id}$`, 'm'));
    const revoked = await run(['revoke', '--secret', '--reason', 'exposed'], secret);
    expect(revoked.stdout).toContain('The key is not revoked in Clerk yet');
    expect(await statusOf(secret)).toBe(401);
    for (const { stdout, stderr } of [shown, revoked]) expect(stdout + stderr).not.toContain(secret.slice(15));
    expect(await run(['show', '--secret'])).toMatchObject({ status: 1, stderr: expect.stringContaining('No secret') });
  });

  it('asks before it ends more than one key, and where nobody can be asked it ends none', async () => {
    const { user, secrets } = await api.userWithKeys(2);
    const refused = await run(['revoke', '--owner', user]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(`Revoke 2 keys of ${user}?`) });
    expect(refused.stderr).toContain('Add --yes. Nothing was changed.');
    expect(await statusOf(secrets[0] ?? '')).toBe(200);
    const all = await run(['revoke', '--owner', user, '--yes', '--json']);
    expect(JSON.parse(all.stdout)).toMatchObject({ revoked: 2 });
    for (const secret of secrets) expect(await statusOf(secret)).toBe(401);
  });

  it('finds the tables of the stage’s stack by their names, and says if there are none or several', async () => {
    const inStack = (...more: string[]) => run(['stats', '--json'], '', more);
    const create = (TableName: string) => {
      const { AttributeDefinitions, KeySchema } = localTemplate().Resources[tableIds.keys]?.Properties ?? {};
      const form = { AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' } as const;
      return api.tables.client.send(new CreateTableCommand({ TableName, ...form }));
    };
    expect((await inStack()).stderr).toContain('No table begins with satori-keys-prod-KeysTable-.');
    await create('satori-keys-prod-KeysTable-1ABCDEF');
    await create('satori-keys-prod-UsesTable-2GHIJKL');
    await create('satori-keys-prod-eu-KeysTable-3MNOPQR');
    expect(JSON.parse((await inStack()).stdout)).toMatchObject({ complete: true, itemsRead: 0 });
    await create('satori-keys-prod-KeysTable-4STUVWX');
    expect((await inStack()).stderr).toContain('Several tables begin with satori-keys-prod-KeysTable-.');
  });

  it('says which call failed, and what to do', async () => {
    api.dynamodb.fail(/UpdateItem|GetItem/, awsError(400, 'AccessDeniedException'), always);
    const { status, stderr } = await run(['revoke', randomUUID()]);
    expect(status).toBe(1);
    expect(stderr).toContain('failed (DependencyUnavailable AccessDeniedException). Check your permissions');
  });
});
