import { createContext, useContext } from 'react';
import type { Strings } from '../text/strings';
import type { Locale } from '../text/time';
import type { ApiKeysClient, Organization } from '../types';

/** What the component was given, with its defaults. */
export interface Settings {
  readonly client: ApiKeysClient;
  readonly apiUrl: string;
  readonly userId: string | undefined;
  readonly organization: Organization | undefined;
  /** The stage's scopes: a description by name. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly maxLifetimeDays: number | undefined;
  readonly onSignIn: (() => void) | undefined;
  readonly headingLevel: 1 | 2 | 3;
  readonly strings: Strings;
  readonly locale: Locale;
}

export const SettingsContext = createContext<Settings | undefined>(undefined);

/** @throws Error outside of `ApiKeys`. */
export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error('This component has to be inside ApiKeys.');
  return settings;
}
