import { answerError, interceptCalls } from './support/answers';
import { eventually } from './support/eventually';
import { receiveVisits } from './support/visits';

const visit = receiveVisits();

const offline = 'Could not connect to the API. Check your connection and try again.';
const unanswered = 'The service is temporarily unavailable. Try again.';
const ended = 'Your session has ended. Sign in again.';

describe('making a key', () => {
  it('a name that is taken is said to be, and another is taken', async () => {
    const { app } = await visit({ mayLog: /status of 409/ });
    await app.signIn();
    await app.create('Taken');
    await app.done();
    await app.fillIn('Taken');
    await app.submit();
    expect(await app.alert()).toBe('You already have a key named "Taken". Choose another name.');
    await app.createDialog.getByRole('textbox', { name: 'Name' }).fill('Free');
    await app.submit();
    await app.secret.waitFor();
    await app.done();
    await eventually(async () => expect(await app.names()).toEqual(['Free', 'Taken']));
  });

  it('a name that cannot be is not sent, and the field says why', async () => {
    const { app, requested } = await visit();
    await app.signIn();
    const name = app.createDialog.getByRole('textbox', { name: 'Name' });
    for (const [wrong, why] of [
      ['ab', /at least 3 characters/],
      [' a ', /at least 3 characters/],
      ['x'.repeat(101), /at most 100 characters/],
    ] as const) {
      if (!(await app.createDialog.isVisible())) await app.fillIn(wrong);
      else await name.fill(wrong);
      await name.press('Enter');
      expect(await name.getAttribute('aria-invalid')).toBe('true');
      const described = (await name.getAttribute('aria-describedby')) ?? '';
      const texts = described.split(' ').map((id) => app.page.locator(`[id="${id}"]`).textContent());
      expect((await Promise.all(texts)).join(' ')).toMatch(why);
    }
    expect(requested.filter((url) => url.includes('keys.create'))).toEqual([]);
    await name.fill('🔑🔑🔑');
    await app.submit();
    await app.secret.waitFor();
  });

  it('pressing twice makes one key', async () => {
    const { app, context, requested } = await visit();
    await app.signIn();
    await interceptCalls(context, 'keys.create', async (route) => {
      // Long enough for a second press to come before the answer.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await app.fillIn('Only one');
    const create = app.createDialog.getByRole('button', { name: /^Creat/ });
    await create.evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await create.click({ timeout: 200 }).catch(() => {});
    await app.page.keyboard.press('Enter');
    await app.secret.waitFor();
    await app.done();
    await eventually(async () => expect(await app.names()).toEqual(['Only one']));
    expect(requested.filter((url) => url.includes('keys.create'))).toHaveLength(1);
  });

  it('without a connection it says so, and makes one key when there is one again', async () => {
    const { app, context } = await visit({ mayLog: /ERR_INTERNET_DISCONNECTED/ });
    await app.signIn();
    await app.fillIn('After the tunnel');
    await context.setOffline(true);
    await app.submit();
    expect(await app.alert()).toBe(offline);
    await context.setOffline(false);
    await app.submit();
    await app.secret.waitFor();
    await app.done();
    await eventually(async () => expect(await app.names()).toEqual(['After the tunnel']));
  });

  it('an answer that is lost on its way makes no second key at another try', async () => {
    const { app, context } = await visit({ mayLog: /ERR_FAILED|status of 409/ });
    await app.signIn();
    const mend = await interceptCalls(context, 'keys.create', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await app.fillIn('Lost answer');
    await app.submit();
    expect(await app.alert()).toBe(offline);
    await mend();
    await app.submit();
    await eventually(async () =>
      expect(await app.alert()).toBe('You already have a key named "Lost answer". Choose another name.'),
    );
    await app.createDialog.getByRole('button', { name: 'Cancel' }).click();
    // The key whose secret nobody has is there to be seen, and goes.
    await eventually(async () => expect(await app.names()).toEqual(['Lost answer']));
    await app.revoke('Lost answer');
    await app.page.getByText('No keys yet').waitFor();
  });

  it('too many requests: it counts down what Retry-After says, and then lets one try', async () => {
    const { app, context } = await visit({ mayLog: /status of 429/ });
    await context.clock.install();
    await app.signIn();
    const mend = await interceptCalls(context, 'keys.create', (route) =>
      answerError(route, 429, { 'retry-after': '600' }),
    );
    await app.fillIn('Patient');
    await app.submit();
    expect(await app.alert()).toMatch(/^Too many requests\. Try again in (600|5\d\d) seconds\.$/);
    const create = app.createDialog.getByRole('button', { name: 'Create', exact: true });
    expect(await create.isDisabled()).toBe(true);
    await context.clock.fastForward(400_000);
    await eventually(async () => expect(await app.alert()).toMatch(/ in (200|1\d\d) seconds\.$/));
    expect(await create.isDisabled()).toBe(true);
    await context.clock.fastForward(200_000);
    await eventually(async () => expect(await create.isEnabled()).toBe(true));
    await mend();
    await app.submit();
    await app.secret.waitFor();
  });

  it.each([
    [503, unanswered],
    [401, ended],
  ] as const)('%s: "%s"', async (status, sentence) => {
    const { app, context } = await visit({ mayLog: new RegExp(`status of ${status}`) });
    await app.signIn();
    const mend = await interceptCalls(context, 'keys.create', (route) => answerError(route, status));
    await app.fillIn('At another try');
    await app.submit();
    expect(await app.alert()).toBe(sentence);
    await mend();
    await app.submit();
    await app.secret.waitFor();
  });
});

describe('the list', () => {
  it('that does not come is said to be missing, and comes at another try', async () => {
    const { app, context } = await visit({ mayLog: /status of 503/ });
    await app.signIn();
    await app.create('Still there');
    await app.done();
    const mend = await interceptCalls(context, 'keys.list', (route) => answerError(route, 503));
    await app.page.reload();
    expect(await app.alert()).toContain(unanswered);
    await mend();
    await app.button('Try again').click();
    await eventually(async () => expect(await app.names()).toEqual(['Still there']));
  });

  it('is said to be loading while it is', async () => {
    const { app, context } = await visit();
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await interceptCalls(context, 'keys.list', async (route) => {
      await held;
      await route.continue();
    });
    await app.open();
    await app.button('Continue as Ada').click();
    await app.page
      .getByRole('status')
      .getByText('Loading keys')
      .or(app.page.getByRole('status', { name: 'Loading keys…' }))
      .first()
      .waitFor();
    go();
    await app.page.getByText('No keys yet').waitFor();
  });
});

describe('revoking a key', () => {
  it('that fails leaves it in the list, says why, and can be tried again', async () => {
    const { app, context } = await visit({ mayLog: /status of 503/ });
    await app.signIn();
    await app.create('Not yet gone');
    await app.done();
    const mend = await interceptCalls(context, 'keys.revoke', (route) => answerError(route, 503));
    await app.button('Revoke Not yet gone').click();
    await app.revokeDialog.getByRole('button', { name: 'Revoke key' }).click();
    expect(await app.alert()).toBe(unanswered);
    await mend();
    await app.revokeDialog.getByRole('button', { name: 'Revoke key' }).click();
    await app.page.getByText('No keys yet').waitFor();
  });

  it('asks first, and says what it means', async () => {
    const { app, requested } = await visit();
    await app.signIn();
    await app.create('Precious');
    await app.done();
    await app.button('Revoke Precious').click();
    await app.page.getByRole('alertdialog', { name: 'Revoke "Precious"?' }).waitFor();
    expect(await app.revokeDialog.textContent()).toMatch(/immediately.*cannot be undone/s);
    await app.revokeDialog.getByRole('button', { name: 'Cancel' }).click();
    await app.revokeDialog.waitFor({ state: 'hidden' });
    expect(await app.names()).toEqual(['Precious']);
    expect(requested.filter((url) => url.includes('keys.revoke'))).toEqual([]);
  });
});
