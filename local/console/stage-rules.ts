/** What the stage of a build allows for its keys. The page contains it. */
export interface StageRules {
  /** A description by name. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly maxKeyLifetimeDays?: number;
}

/**
 * Reads what the stage allows from the settings of a build.
 * @throws Error if a value cannot work. It names the variable.
 */
export function stageRulesFrom(environment: Readonly<Record<string, string | undefined>>): StageRules {
  const { VITE_SCOPES: scopes = '', VITE_MAX_KEY_LIFETIME_DAYS: days = '' } = environment;
  if (days && !/^[1-9]\d{0,4}$/.test(days)) {
    throw new Error('VITE_MAX_KEY_LIFETIME_DAYS must be a number of days, for example 365.');
  }
  return { scopes: scopesIn(scopes), ...(days && { maxKeyLifetimeDays: Number(days) }) };
}

function scopesIn(json: string): Record<string, string> {
  try {
    const entries = Object.entries(json ? JSON.parse(json) : {});
    if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
      return Object.fromEntries(entries);
    }
  } catch {
    // Not JSON.
  }
  throw new Error(`VITE_SCOPES must be a JSON object, for example '{"docs:read":"Read documents"}'.`);
}
