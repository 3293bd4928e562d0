'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Toasts } from './components/toasts';
import { type Settings, SettingsContext } from './data/settings';
import { KeysView } from './list/keys-view';
import { english, type Strings } from './text/strings';
import type { ApiKeysClient, Organization } from './types';

export interface ApiKeysProps {
  /** A tRPC client of the API that sends the user's session token. */
  readonly client: ApiKeysClient;
  /** The URL of the API without `/trpc`, for code examples and for the button that tests a key. */
  readonly apiUrl: string;
  /**
   * Clerk's ID of the user. With it, a user who has to sign in again comes back to the dialog that was open. Another
   * user gets another, empty list.
   */
  readonly userId?: string;
  /** The stage's scopes: a description by name. Default: none. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The stage's `maxKeyLifetimeDays`. Default: no maximum. */
  readonly maxLifetimeDays?: number;
  /** The organization that is active in the session. With it, the user can switch to its keys. */
  readonly organization?: Organization | null;
  /** Signs the user in again, after the API did not accept the session. Without it, errors have no button for that. */
  readonly onSignIn?: () => void;
  /** The level of the heading. Default: 2. */
  readonly headingLevel?: 1 | 2 | 3;
  /** Replaces texts of the component. */
  readonly strings?: Partial<Strings>;
  /** The language of times and numbers, such as `de`. Default: that of the browser. */
  readonly locale?: string;
}

/**
 * The API keys of a signed-in user: the list with all its dialogs. It needs `satori-keys/react/styles.css`, and follows
 * the font, the direction, the `color-scheme` and the variables `--satori-keys-…` of the place where it stands.
 */
export function ApiKeys({ strings, ...props }: ApiKeysProps) {
  const {
    client,
    apiUrl,
    userId,
    organization,
    scopes = none,
    maxLifetimeDays,
    onSignIn,
    headingLevel = 2,
    locale,
  } = props;
  const settings = useMemo<Settings>(
    () => ({
      client,
      apiUrl: apiUrl.replace(/\/$/, ''),
      userId,
      organization: organization ?? undefined,
      scopes,
      maxLifetimeDays,
      onSignIn,
      headingLevel,
      strings: { ...english, ...strings },
      locale,
    }),
    [client, apiUrl, userId, organization, scopes, maxLifetimeDays, onSignIn, headingLevel, strings, locale],
  );
  return (
    <SettingsContext.Provider value={settings}>
      <Session key={userId} />
    </SettingsContext.Provider>
  );
}

const none = {};

/** What belongs to one user. Its cache is not the host's, so that a user never sees keys that another user loaded. */
function Session() {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <section className="satori-keys">
        <Toasts>
          <KeysView />
        </Toasts>
      </section>
    </QueryClientProvider>
  );
}

const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // Requests made offline fail immediately instead of waiting for a connection. The user decides when to retry.
      queries: { networkMode: 'always', retry: false, refetchOnReconnect: true, refetchOnWindowFocus: true },
      mutations: { networkMode: 'always', retry: false },
    },
  });
