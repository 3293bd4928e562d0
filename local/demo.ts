import { createRepositories } from '../lambda/keys/repository/repositories';
import { Deadline } from '../lambda/shared/deadline';
import type { Delivery } from './clerk/webhooks';
import type { StandIn } from './clerk-instance';
import { defaultUser, devToken } from './dev-requests';
import { type LocalService, startLocalService } from './local-service';

const otherUser = 'user_2kAnotherDeveloper000000002';
const organization = 'org_2kLocalOrganization00000001';

/** Makes one HTTP call, and prints the request, the response and the time it took. */
async function show(title: string, url: string, init: RequestInit, expected: number) {
  const startedAt = performance.now();
  const response = await fetch(url, init);
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  const milliseconds = Math.round(performance.now() - startedAt);
  console.log(
    `\n${title}\n  ${init.method ?? 'GET'} ${decodeURIComponent(new URL(url).pathname + new URL(url).search)} ${shortened(String(init.body ?? ''))}`,
  );
  console.log(`  ${response.status} in ${milliseconds} ms: ${shortened(text)}`);
  if (response.status !== expected) throw new Error(`Expected status ${expected}, got ${response.status}.`);
  return answer;
}

const maxShown = 600;
const shortened = (text: string) => (text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);

/** Calls of the API. Each prints what it does and expects a status. */
interface Demo {
  /** Makes a call with the session token. */
  asUser(title: string, procedure: string, input: object, expected?: number): ReturnType<typeof show>;
  /** Makes a call with a key. */
  withKey(title: string, secret: string, expected: number, procedure?: string): ReturnType<typeof show>;
}

const queries = ['keys.list', 'keys.get', 'keys.usage'];

function demoOf(url: string, token: string): Demo {
  const session = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    asUser: (title, procedure, input, expected = 200) => {
      const query = `?input=${encodeURIComponent(JSON.stringify(input))}`;
      return queries.includes(procedure)
        ? show(title, `${url}/trpc/${procedure}${query}`, { headers: session }, expected)
        : show(
            title,
            `${url}/trpc/${procedure}`,
            { method: 'POST', headers: session, body: JSON.stringify(input) },
            expected,
          );
    },
    withKey: (title, secret, expected, procedure = 'keys.whoami') => {
      const method = procedure === 'keys.whoami' ? 'GET' : 'POST';
      return show(title, `${url}/trpc/${procedure}`, { method, headers: { 'x-api-key': secret } }, expected);
    },
  };
}

/** Shows the life of a key over HTTP, from its creation to its revocation. */
async function showLife({ asUser, withKey }: Demo, tables: LocalService['tables']): Promise<void> {
  const expiresAt = new Date(Date.now() + 90 * 24 * 3_600_000).toISOString();
  const wanted = { name: 'Production Key', scopes: ['docs:read'], expiresAt };
  const key = await asUser('Create a key with a scope and an expiry', 'keys.create', wanted);
  console.log(`\n${sideBySide(key, await storedKey(tables, key.id))}`);
  console.log('\n  Only the response contains the secret. The table has its SHA-256.');
  const { id, secret } = key;
  await asUser('List the keys', 'keys.list', {});
  await withKey('Use the key', secret, 200);

  const rotated = await asUser('Rotate the key', 'keys.rotate', { id, gracePeriodSeconds: 3_600 });
  await withKey('Use the new secret, which starts the grace period', rotated.secret, 200);
  await withKey('Use the previous secret in its grace period', secret, 200);
  await withKey('End the previous secret with itself', secret, 200, 'keys.revokeSelf');
  await withKey('Use the previous secret', secret, 401);

  await asUser('Disable the key', 'keys.update', { id, enabled: false });
  await withKey('Use the disabled key', rotated.secret, 401);
  await asUser('Enable the key and add a scope', 'keys.update', {
    id,
    enabled: true,
    scopes: wanted.scopes.concat('docs:write'),
  });
  await withKey('Use the enabled key', rotated.secret, 200);
  await asUser('Show its uses of 30 days', 'keys.usage', { id });

  await asUser('Revoke the key', 'keys.revoke', { id });
  await withKey('Use the revoked key', rotated.secret, 401);
  await asUser('List the keys again', 'keys.list', {});
}

/** Shows a key that GitHub finds in public. */
async function showLeak({ asUser, withKey }: Demo, url: string): Promise<void> {
  const { secret } = await asUser('Create a key that somebody publishes', 'keys.create', { name: 'Published Key' });
  const report = { method: 'POST', headers: { 'x-api-key': secret } };
  console.log('\nGitHub finds the key and reports it');
  const told = await fetch(`${url}/dev/report-leak`, report);
  console.log(`  ${(await told.text()).trim()}`);
  await withKey('Use the published key', secret, 401);
}

/** Shows a key of an organization, which outlives the user who created it. */
async function showOrganization(url: string, standIn: StandIn): Promise<void> {
  const tokenOf = (user: string, role: string) => devToken(standIn, user, { id: organization, role });
  const admin = demoOf(url, tokenOf(defaultUser, 'admin'));
  const member = demoOf(url, tokenOf(otherUser, 'member'));
  const deliver = async (title: string, delivery: Delivery) =>
    await show(title, `${url}/webhooks/clerk`, { method: 'POST', ...delivery }, 200);

  console.log(`\nSigned in with the organization ${organization}`);
  const owner = 'organization';
  const key = await admin.asUser('Create a key of the organization', 'keys.create', { name: 'Team Key', owner });
  await member.asUser('List its keys as a member', 'keys.list', { owner });
  await member.asUser('Revoke the key as a member', 'keys.revoke', { id: key.id }, 403);
  await deliver('Delete the user who created it in Clerk', standIn.deleteUser(defaultUser));
  await admin.withKey('Use the key', key.secret, 200);
  await deliver('Delete the organization in Clerk', standIn.deleteOrganization(organization));
  await admin.withKey('Use the key again', key.secret, 401);
}

/** The stored key, read with the service's own repository. */
async function storedKey({ client, tableName, usesTableName }: LocalService['tables'], id: string) {
  const settings = { TABLE_NAME: tableName, USES_TABLE_NAME: usesTableName, AWS_REGION: 'us-east-1' };
  const { keys } = createRepositories(client, settings);
  const key = (await keys.readKey(id, Deadline.in(5_000))) ?? {};
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, String(value)]));
}

function sideBySide(answer: Record<string, unknown>, item: Record<string, string>): string {
  const names = [...new Set([...Object.keys(answer), ...Object.keys(item)])];
  const rows = [
    ['', 'response', 'table'],
    ...names.map((name) => [name, String(answer[name] ?? '—'), item[name] ?? '—']),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([name = '', left = '', right = '']: string[]) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${left.padEnd(widths[1] ?? 0)}  ${right}`;
  return rows.map(line).join('\n');
}

async function main(): Promise<void> {
  const service = await startLocalService({
    port: 0,
    // Keep the function's log out of the output.
    environment: { POWERTOOLS_LOG_LEVEL: 'ERROR' },
    onProgress: (step) => console.log(`${step} …`),
  });
  try {
    const { url, tables, clerk } = service;
    if (!clerk.standIn) throw new Error('The demo needs the stand-in for Clerk.');
    console.log(`\nSigned in as ${defaultUser}`);
    const demo = demoOf(url, devToken(clerk.standIn));
    await showLife(demo, tables);
    await showLeak(demo, url);
    await showOrganization(url, clerk.standIn);
  } finally {
    await service.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
