import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { newOrganization, newUser } from '../../../support/api-harness';
import { type ConsolePage, consolePage } from './console-page';
import { apiVariable, browserVariable } from './global-setup';

export interface VisitOptions extends BrowserContextOptions {
  /** Whether the visit starts signed in as Ada. Defaults to true. */
  readonly signIn?: boolean;
  /** Log messages of the browser that do not fail the test. */
  readonly mayLog?: RegExp;
  /**
   * Whether "Ada" is a new user without keys. Defaults to true.
   * That requires request interception, which makes Playwright answer CORS preflight requests itself.
   * Set it to false to test CORS.
   */
  readonly newUser?: boolean;
}

/** A browser context with one page of the console. */
export interface Visit {
  readonly app: ConsolePage;
  readonly context: BrowserContext;
  /** The ID of Ada, if she is a new user. */
  readonly userId: string | undefined;
  /** Errors and warnings that the browser logged, including violations of the Content-Security-Policy. */
  readonly logged: string[];
  readonly requested: string[];
}

/** The URL of the local API: `http://localhost:<port>`. */
export const apiUrl = () => process.env[apiVariable] ?? '';

/**
 * Returns a function that starts a visit.
 * After each test, its visits are closed, and the test fails if the browser logged an unexpected message.
 */
export function setUpVisits(): (options?: VisitOptions) => Promise<Visit> {
  let browser: Browser;
  let visits: { visit: Visit; mayLog: RegExp | undefined }[] = [];
  beforeAll(async () => {
    browser = await chromium.connect(process.env[browserVariable] ?? '');
  });
  afterEach(async () => {
    const ended = visits;
    visits = [];
    for (const { visit } of ended) await visit.context.close();
    const unexpected = ended.flatMap(({ visit, mayLog }) => visit.logged.filter((line) => !mayLog?.test(line)));
    expect(unexpected).toEqual([]);
  });
  afterAll(() => browser.close());

  return async ({ mayLog, signIn = true, ...options } = {}) => {
    const visit = await startVisit(browser, options);
    visits.push({ visit, mayLog });
    if (signIn) await visit.app.signIn();
    return visit;
  };
}

async function startVisit(browser: Browser, { newUser: hasNewUser = true, ...options }: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: apiUrl(),
    // An animation could change the contrast while axe measures it.
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(8000);
  const logged: string[] = [];
  const requested: string[] = [];
  context.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) logged.push(message.text());
  });
  context.on('weberror', (error) => logged.push(String(error.error())));
  context.on('request', (request) => requested.push(request.url()));
  const userId = hasNewUser ? newUser() : undefined;
  if (userId !== undefined) {
    const organization = { id: newOrganization(), name: 'Acme' };
    const users = [
      { id: userId, name: 'Ada', organization: { ...organization, role: 'admin' } },
      { id: 'user_2kAnotherDeveloper000000002', name: 'Grace', organization: { ...organization, role: 'member' } },
    ];
    await context.route('**/dev/users', (route) => route.fulfill({ json: users }));
  }
  return { app: consolePage(await context.newPage()), context, userId, logged, requested };
}
