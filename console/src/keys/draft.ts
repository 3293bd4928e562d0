import { storedInTab } from '../session-storage';

const stored = storedInTab<{ readonly userId: string; readonly name: string }>('satori-keys.draft');

/** The name in the open create dialog. If the session ends, the same user finds it again after signing in. */
export const draft = {
  /** Returns the name that this user was typing. A draft of another user is removed. */
  read: (userId: string): string | undefined => {
    const found = stored.read();
    if (found?.userId === userId) return found.name;
    stored.write(undefined);
    return undefined;
  },
  write: (userId: string, name: string): void => stored.write({ userId, name }),
  remove: (): void => stored.write(undefined),
};
