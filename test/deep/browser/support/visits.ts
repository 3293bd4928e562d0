import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { newUser } from '../../../support/api-harness';
import { ConsolePage } from './console-page';
import { apiVariable, browserVariable } from './global-setup';

const variable = (name: string) => process.env[name] ?? '';

export interface VisitOptions extends BrowserContextOptions {
  /** Where the page is; the API's own origin without it. */
  readonly at?: string;
  /** False lets every request to the network as it is, so that "Ada" is the one that all have. */
  readonly intercepted?: boolean;
  /** What the browser's log may hold, beside nothing. */
  readonly mayLog?: RegExp;
}

/** One person's browser: what they see, and what the browser says of it. */
export interface Visit {
  readonly app: ConsolePage;
  readonly context: BrowserContext;
  /** Who "Ada" is in this visit: a user without keys, whom no other test has. */
  readonly user: string;
  /** Errors and warnings of the browser's log, broken rules of the Content-Security-Policy among them. */
  readonly logged: string[];
  /** Each URL that a page asked for. */
  readonly requested: string[];
}

/** `http://localhost:<port>` of the API that `npm start` serves. */
export const apiUrl = () => variable(apiVariable);

/** Makes one who comes as a new person, once a test; a visit ends with its test, which fails for what it logged. */
export function receiveVisits(): (options?: VisitOptions) => Promise<Visit> {
  let browser: Browser;
  let visits: { visit: Visit; mayLog: RegExp | undefined }[] = [];
  beforeAll(async () => {
    browser = await chromium.connect(variable(browserVariable));
  });
  afterEach(async () => {
    const ended = visits;
    visits = [];
    for (const { visit } of ended) await visit.context.close();
    const unexpected = ended.flatMap(({ visit, mayLog }) =>
      visit.logged.filter((line) => !mayLog?.test(line)),
    );
    expect(unexpected).toEqual([]);
  });
  afterAll(() => browser.close());

  return async ({ mayLog, ...options } = {}) => {
    const visit = await begin(browser, options);
    visits.push({ visit, mayLog });
    return visit;
  };
}

async function begin(
  browser: Browser,
  { at = apiUrl(), intercepted = true, ...options }: VisitOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: at,
    // What moves would be looked at, and its contrast measured, half way.
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
  const user = newUser();
  if (intercepted) await nameAda(context, user);
  return { app: new ConsolePage(await context.newPage()), context, user, logged, requested };
}

/** Puts a user whom no other test has in Ada's place. */
async function nameAda(context: BrowserContext, user: string): Promise<void> {
  const users = [
    { id: user, name: 'Ada' },
    { id: 'user_2kAnotherDeveloper000000002', name: 'Grace' },
  ];
  await context.route('**/dev/users', (route) => route.fulfill({ json: users }));
}
