/** A value of this tab, kept in session storage so that it survives a reload and a sign-in. */
export const storedInTab = <Value>(key: string) => ({
  read: (): Value | undefined => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  },
  /** Stores the value, or removes it if it is undefined. */
  write: (value: Value | undefined): void => {
    try {
      if (value === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // The browser blocks storage. The value is then lost on a reload.
    }
  },
});
