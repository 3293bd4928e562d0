import type { BrowserContext, Page } from 'playwright-core';

/** The host of the Frontend API of the fake Clerk instance, and the publishable key that contains it. */
const host = 'clerk.example.com';
export const publishableKey = `pk_live_${Buffer.from(`${host}$`).toString('base64')}`;

interface FakeClerk {
  /** Changes the session as if that happened in another tab. Null signs out. */
  change(userId: string | null): void;
}
declare const window: { Clerk: FakeClerk };
type Listener = (resources: unknown) => void;

/** Runs in the page: the part of clerk-js that the console uses. `load` signs the first user in. */
function installClerk(tokens: Readonly<Record<string, string>>): void {
  const listeners = new Set<Listener>();
  const resources = (userId: string | null) => {
    const user = userId ? { id: userId, fullName: `Name of ${userId}` } : null;
    const getToken = async () => tokens[userId ?? ''];
    const lastActiveToken = { jwt: { claims: { sub: userId } } };
    const session = user && { id: `sess_${userId}`, status: 'active', user, getToken, lastActiveToken };
    return { user, session, organization: null, client: { sessions: session ? [session] : [] } };
  };
  const clerk = {
    ...resources(null),
    loaded: false,
    // @clerk/react reads the session from here.
    __internal_lastEmittedResources: resources(null),
    load: async () => {
      clerk.loaded = true;
      clerk.change(Object.keys(tokens)[0] ?? null);
    },
    addListener: (listener: Listener) => {
      listeners.add(listener);
      listener(clerk.__internal_lastEmittedResources);
      return () => listeners.delete(listener);
    },
    change: (userId: string | null) => {
      const changed = resources(userId);
      Object.assign(clerk, changed, { __internal_lastEmittedResources: changed });
      for (const listener of listeners) listener(changed);
    },
    signOut: async () => clerk.change(null),
    mountSignIn: (node: HTMLElement) => {
      node.textContent = 'The sign-in form of Clerk';
    },
    unmountSignIn: (node: HTMLElement) => node.replaceChildren(),
  };
  Object.assign(globalThis, { Clerk: clerk });
}

/** Answers the requests for Clerk's scripts. The first user of `tokens` is signed in. */
export async function fakeClerk(context: BrowserContext, tokens: Readonly<Record<string, string>>): Promise<void> {
  await context.route(`https://${host}/**`, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'access-control-allow-origin': '*' },
      body: /clerk\.browser/.test(route.request().url())
        ? `(${installClerk})(${JSON.stringify(tokens)});`
        : 'globalThis.__internal_ClerkUICtor = class {};',
    }),
  );
}

/** Signs another user in, or out if null, as if that happened in another tab. */
export const changeSession = (page: Page, userId: string | null) =>
  page.evaluate((id) => window.Clerk.change(id), userId);
