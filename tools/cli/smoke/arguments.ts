import { parseArgs } from 'node:util';
import { tlsProblem } from '../environment';
import { invocation } from '../invocation';
import { SessionToken } from './session-token';

export const usage = () => `Usage: CLERK_JWT=TOKEN ${invocation('smoke')} --url https://HOST [--scopes SCOPE,...]
       ${invocation('smoke')} --url https://HOST --public

Creates, uses and revokes a key on a deployed stage or the local server, and cleans up after itself.
If the stage has scopes, --scopes gives the key some of them. If the token has an active organization,
a key of the organization is created too. With --public it runs only the checks that need no session token,
and creates no key.

CLERK_JWT is a session token. In the app, signed in, run "await Clerk.session.getToken()" in the
browser's console; it is valid for a minute. Locally: curl http://localhost:3000/dev/token`;

/** An invalid command line. The message is one line and quotes no argument. */
export class UsageError extends Error {}

export interface Arguments {
  /** The service's URL without `/trpc` and without a trailing slash. */
  readonly base: string;
  /** Undefined with --public. */
  readonly session: SessionToken | undefined;
  /** The scopes that the key gets. */
  readonly scopes: readonly string[];
}

/** @throws UsageError */
export function readArguments(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Arguments {
  const { url, public: withoutToken, scopes: list = '' } = parsed(words);
  const problem = tlsProblem(environment);
  if (problem) throw new UsageError(problem);
  const base = baseOf(url);
  const scopes = list.split(',').filter((scope) => scope !== '');
  if (withoutToken) return { base, session: undefined, scopes };
  const { CLERK_JWT } = environment;
  if (!CLERK_JWT) throw new UsageError('CLERK_JWT is not set.');
  const session = SessionToken.parse(CLERK_JWT);
  if (!session) throw new UsageError('CLERK_JWT is not a session token: a JWT has three parts, separated by dots.');
  return { base, session, scopes };
}

function parsed(words: readonly string[]) {
  try {
    const options = { url: { type: 'string' }, public: { type: 'boolean' }, scopes: { type: 'string' } } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch {
    throw new UsageError('The options are --url URL, --scopes SCOPE,... and --public.');
  }
}

/** A path before `/trpc` is kept, for a stage behind a path. */
function baseOf(url: string | undefined): string {
  if (url === undefined) throw new UsageError('--url is missing.');
  if (!URL.canParse(url)) throw new UsageError('--url is not a URL.');
  const { protocol, hostname, origin, pathname, search, hash, username, password } = new URL(url);
  if (search || hash || username || password) {
    throw new UsageError('--url may only have a host and a path.');
  }
  const onThisMachine = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && onThisMachine)) {
    throw new UsageError(
      '--url must start with https://, since a token is sent there. http:// is accepted for localhost only.',
    );
  }
  return origin + pathname.replace(/\/(trpc\/?)?$/, '');
}
