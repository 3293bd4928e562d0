import { guardsOf } from '../guard';

const revoke = 'test/lambda/api/keys/revoke.test.ts';
const webhook = 'test/lambda/api/webhook.test.ts';

/** Ending keys, one or all of a user's. */
export const revoking = guardsOf(
  'lambda/services/key-revoker.ts',
  [revoke],
  [
    {
      text: "'clerkUserId = :user AND attribute_not_exists(revokedAt)'",
      becomes: "'attribute_exists(id) AND id <> :user AND attribute_not_exists(revokedAt)'",
      what: 'a key is revoked by its owner only',
      promise: 'contract 4',
    },
    {
      text: "'clerkUserId = :user AND attribute_not_exists(revokedAt)'",
      becomes: "'clerkUserId = :user'",
      what: 'the first revocation’s time stays',
      promise: 'I4',
    },
    {
      text: "set: 'SET revokedAt = :now',",
      becomes: "set: 'SET lastUsedAt = :now',",
      what: 'a revoked key is marked in the table',
      promise: 'I4',
    },
    {
      text: "set: 'SET revokedAt = :now',",
      becomes: "set: 'SET revokedAt = :now REMOVE activeUserId',",
      what: 'a revocation is owed from the first',
      promise: 'Revoking',
    },
    {
      text: 'const revoked = await this.revokeRecord(id, userId, deadline);',
      becomes: 'const revoked = await this.revokeRecord(id, userId, deadline).catch(() => undefined);',
      what: 'a table that did not answer is no success',
      promise: 'I4',
    },
    {
      text: 'if (!record) throw new KeyNotFound();',
      becomes: '',
      what: 'an unknown key is 404',
      promise: 'contract 4',
    },
    {
      text: 'if (record.clerkUserId !== userId) throw new KeyNotYours();',
      becomes: '',
      what: 'somebody else’s key is 401, and Clerk is not told',
      promise: 'contract 4',
    },
    {
      text: 'if (record.activeUserId) await this.tellClerk(record, deadline, log);',
      becomes: '',
      what: 'Clerk is told of a revocation',
      promise: 'Revoking',
    },
    {
      text: 'if (record.activeUserId) await this.tellClerk',
      becomes: 'await this.tellClerk',
      what: 'Clerk is not told again of what it has taken',
      promise: 'Revoking',
    },
    {
      text: 'if (record.activeUserId) await this.tellClerk(record, deadline, log);',
      becomes: 'if (record.activeUserId) void this.tellClerk(record, deadline, log);',
      what: 'telling Clerk is waited for, as Lambda freezes what is not',
      promise: 'Revoking',
    },
    {
      text: 'if (taken) await this.forget(key, deadline, log);',
      becomes: 'await this.forget(key, deadline, log);',
      what: 'what Clerk has not taken stays owed',
      promise: 'Revoking',
    },
    {
      text: 'if (taken) await this.forget(key, deadline, log);',
      becomes: '',
      what: 'what Clerk has taken is not owed any more',
      promise: 'Revoking',
    },
    {
      text: 'return false;\n    }',
      becomes: 'throw error;\n    }',
      what: 'Clerk’s failure does not fail a revocation',
      promise: 'Revoking',
    },
    {
      text: 'return false;\n    }',
      becomes: 'return true;\n    }',
      what: 'Clerk’s failure is no success of its own',
      promise: 'Revoking',
    },
    {
      text: "log.warn('clerk.settlement-not-noted', { keyId: id, ...describeError(error) });",
      becomes: 'throw error;',
      what: 'a settlement that cannot be noted fails nothing',
      promise: 'Revoking',
    },
    {
      text: "condition: 'attribute_exists(revokedAt)' };",
      becomes: "condition: 'attribute_exists(id)' };",
      what: 'an active key never leaves its owner’s index',
      promise: 'I2',
    },
    {
      text: 'await this.store.update(userId, { ...gone',
      becomes: "if (userId === '') await this.store.update(userId, { ...gone",
      what: 'that a user is gone is kept in mind',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: `await this.store.update(userId, { ...gone, values: { ':now': now } }, deadline);
    const keys = await this.store.list(userId, deadline);`,
      becomes: `const keys = await this.store.list(userId, deadline);
    await this.store.update(userId, { ...gone, values: { ':now': now } }, deadline);`,
      what: 'that a user is gone is written before their keys are listed',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: "condition: 'attribute_not_exists(secretDigest)',",
      becomes: "condition: 'attribute_not_exists(nothing)',",
      what: 'no key’s record is marked as a user who is gone',
      promise: 'When a user is deleted',
      tests: [webhook],
      survives: 'No user’s id is a record’s: what a delivery names begins with `user_`. It is a second lock.',
    },
    {
      text: 'if_not_exists(deletedAt, :now)',
      becomes: ':now',
      what: 'another delivery leaves the time that a user went',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: 'keys.filter((key) => !key.revokedAt)',
      becomes: 'keys',
      what: 'what is revoked already is not revoked again',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: 'await inParallel(active, ({ id }) => this.revokeRecord(id, userId, deadline));',
      becomes: '',
      what: 'all keys of a user who is gone are revoked in the table',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: "throw new PartUnavailable('clerk', 'revocations are owed');",
      becomes: '{}',
      what: 'what is owed makes Clerk deliver again',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: 'const atOnce = 10;',
      becomes: 'const atOnce = 1_000;',
      what: 'ten revocations at a time',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
  ],
);
