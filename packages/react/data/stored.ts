/** A JSON value in the storage of the browser. Where the browser blocks storage, it is never found. */
export const stored = <Value>(storage: () => Storage, key: string) => ({
  read: (): Value | undefined => {
    try {
      return JSON.parse(storage().getItem(key) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  },
  /** Stores the value, or removes it if it is undefined. */
  write: (value: Value | undefined): void => {
    try {
      if (value === undefined) storage().removeItem(key);
      else storage().setItem(key, JSON.stringify(value));
    } catch {
      // The value is lost on a reload.
    }
  },
});

/** Whether secrets are hidden until the user shows them. Kept in this browser, because it is asked before each secret. */
export const hidesSecrets = stored<boolean>(() => localStorage, 'satori-keys.hide-secret');
