import type { LoopbackServer } from '../../../local/loopback';
import { newUser } from '../../support/api-harness';
import { buildPage, servePage } from './support/built-console';
import { changeSession, fakeClerk, publishableKey } from './support/fake-clerk';
import { hold, interceptCalls } from './support/intercept';
import { apiUrl, setUpVisits, type Visit } from './support/visits';

const visit = setUpVisits();

/** Serves a build for Clerk and forwards calls to the API, so that the page and the API have one origin. */
let server: LoopbackServer;
beforeAll(async () => {
  const page = buildPage({ VITE_CLERK_PUBLISHABLE_KEY: publishableKey });
  server = await servePage(page, [0], async (request, response) => {
    const body = request.method === 'POST' ? Buffer.concat(await request.toArray()) : null;
    const headers = new Headers();
    for (const name of ['authorization', 'x-api-key', 'content-type']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const answer = await fetch(apiUrl() + request.url, { method: request.method ?? 'GET', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
}, 90_000);
afterAll(() => server?.close());

/** Opens the console with Ada signed in at the fake Clerk. */
async function visitAsAda(): Promise<Visit & { readonly ada: string; readonly grace: string }> {
  const [ada, grace] = [newUser(), newUser()];
  const token = async (user: string) => await (await fetch(`${apiUrl()}/dev/token?user=${user}`)).text();
  const visited = await visit({ baseURL: server.url, newUser: false, signIn: false });
  await fakeClerk(visited.context, { [ada]: await token(ada), [grace]: await token(grace) });
  await visited.app.open();
  await visited.app.waitForList();
  return { ...visited, ada, grace };
}

it('works under the headers of a build for Clerk', async () => {
  const { app, requested } = await visitAsAda();
  await app.create('With Clerk');
  await app.tryIt();
  await app.done();
  await app.expectNames('With Clerk');
  await app.revoke('With Clerk');
  expect(requested.some((url) => url.startsWith('https://clerk.example.com/'))).toBe(true);
});

describe('if the session ends in another tab', () => {
  it('an unsaved secret stays until the user saves it', async () => {
    const { app, ada, grace } = await visitAsAda();
    const secret = await app.create('Not saved yet');
    for (const user of [null, grace, null, ada, null]) {
      await changeSession(app.page, user);
      await app.page.waitForTimeout(100);
      expect(await app.secret.inputValue()).toBe(secret);
    }
    await app.page.keyboard.press('Escape');
    expect(await app.secretDialog.isVisible()).toBe(true);
    await app.tryIt();
    await app.done();
    await app.page.getByText('The sign-in form of Clerk').waitFor();
    expect(await app.page.content()).not.toContain(secret);
  });

  it('a secret whose creation is under way is still shown', async () => {
    const { app, context } = await visitAsAda();
    const { held, release } = hold();
    await interceptCalls(context, 'keys.create', async (route) => {
      await held;
      await route.continue();
    });
    await app.fillIn('Under way');
    const called = app.page.waitForRequest(/keys\.create/);
    await app.submit();
    await called;
    await changeSession(app.page, null);
    await app.page.getByText('The sign-in form of Clerk').waitFor();
    release();
    expect(await app.secret.inputValue()).toMatch(/^sk_satori_test_\w{61}$/);
    await app.done();
  });

  it('the typed name is there again when the same user signs in, and not for another user', async () => {
    const { app, ada, grace } = await visitAsAda();
    await app.fillIn('Typed before');
    await changeSession(app.page, null);
    await app.page.getByText('The sign-in form of Clerk').waitFor();
    await changeSession(app.page, ada);
    expect(await app.nameField.inputValue()).toBe('Typed before');

    await changeSession(app.page, grace);
    await app.waitForList();
    await app.createDialog.waitFor({ state: 'hidden' });
    await changeSession(app.page, ada);
    await app.waitForList();
    expect(await app.createDialog.isVisible()).toBe(false);
  });
});
