import { parseArgs } from 'node:util';
import { SessionToken } from './session-token';

export const usage = `Usage: CLERK_JWT=TOKEN npm run smoke -- --url https://HOST/trpc
       npm run smoke -- --url https://HOST/trpc --public

Runs a key's whole life against a deployed stage, or the local server, and cleans up after itself.
With --public it asks only what needs no session token, and makes no key.

CLERK_JWT is a session token. In the app, signed in, run "await Clerk.session.getToken()" in the
browser's console; it lives a minute. Locally: curl http://localhost:3000/dev/token`;

/** What is wrong with the way the command was called, in one line that quotes nothing. */
export class UsageError extends Error {}

export interface Arguments {
  /** Where the service is, without `/trpc` and without a slash at the end. */
  readonly base: string;
  /** Undefined where only what needs none is to be checked. */
  readonly session: SessionToken | undefined;
}

/** @throws UsageError */
export function readArguments(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Arguments {
  const { url, public: withoutToken } = parsed(words);
  const base = baseOf(url);
  if (withoutToken) return { base, session: undefined };
  const { CLERK_JWT } = environment;
  if (!CLERK_JWT) throw new UsageError('CLERK_JWT is not set.');
  const session = SessionToken.parse(CLERK_JWT);
  if (!session)
    throw new UsageError('CLERK_JWT is no session token: that is a JWT, three parts with dots between.');
  return { base, session };
}

function parsed(words: readonly string[]) {
  try {
    const options = { url: { type: 'string' }, public: { type: 'boolean' } } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch {
    throw new UsageError('There are two options, --url URL and --public.');
  }
}

/** What stands before `/trpc` stays, for a stage behind a path. */
function baseOf(url: string | undefined): string {
  if (url === undefined) throw new UsageError('--url is missing.');
  if (!URL.canParse(url)) throw new UsageError('--url is no URL.');
  const { protocol, hostname, origin, pathname, search, hash, username, password } = new URL(url);
  if (search || hash || username || password) {
    throw new UsageError('--url has a host and a path, and nothing else.');
  }
  const onThisMachine = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && onThisMachine)) {
    throw new UsageError(
      '--url starts with https://, since a token is sent there; http:// is for localhost.',
    );
  }
  return origin + pathname.replace(/\/(trpc\/?)?$/, '');
}
