import { guardsOf } from '../guard';

const whoami = 'test/lambda/api/keys/whoami.test.ts';
const webhook = 'test/lambda/api/webhook.test.ts';

/** Saying who a key speaks for, and counting its uses. */
export const verifying = guardsOf(
  'lambda/services/key-verifier.ts',
  [whoami],
  [
    {
      text: "const usable = 'secretDigest = :digest AND",
      becomes: "const usable = 'attribute_exists(id) AND id <> :digest AND",
      what: 'a key that is not the record’s is never counted',
      promise: 'Verifying a key',
    },
    {
      text: ' AND attribute_not_exists(revokedAt)',
      becomes: '',
      what: 'a revoked key is not written to',
      promise: 'I4',
    },
    {
      text: 'if (!record || record.revokedAt || !sameDigest(record.secretDigest, digest)) {',
      becomes: 'if (!record || !sameDigest(record.secretDigest, digest)) {',
      what: 'a revoked record is refused by the code too',
      promise: 'I4',
    },
    {
      text: 'if (!record || record.revokedAt || !sameDigest(record.secretDigest, digest)) {',
      becomes: 'if (!record || record.revokedAt) {',
      what: 'another digest is refused by the code too',
      promise: 'Verifying a key',
    },
    {
      text: 'if (!record || record.revokedAt || !sameDigest(record.secretDigest, digest)) return undefined;',
      becomes: 'if (!record || !sameDigest(record.secretDigest, digest)) return undefined;',
      what: 'with no limit, refusing a revoked key is one read',
      promise: 'Verifying a key',
    },
    {
      text: 'if (!record || record.revokedAt || !sameDigest(record.secretDigest, digest)) return undefined;',
      becomes: 'if (!record || record.revokedAt) return undefined;',
      what: 'with no limit, refusing an altered key is one read',
      promise: 'Verifying a key',
    },
    {
      text: 'left.length === right.length && ',
      becomes: '',
      what: 'a digest of another length is a refusal, not a bug',
      promise: 'Verifying a key',
    },
    {
      text: 'left.length === right.length && timingSafeEqual(left, right)',
      becomes: 'left.equals(right)',
      what: 'digests are compared in constant time',
      promise: 'Verifying a key',
      survives: 'Only the time differs, by nanoseconds, which no test could hold.',
    },
    {
      text: '      this.windows.delete(id);\n',
      becomes: '',
      what: 'what was known of a refused key is forgotten, so that refusing it again is one call',
      promise: 'Verifying a key',
    },
    {
      text: 'uses > (this',
      becomes: 'uses >= (this',
      what: 'the hundredth request of a window passes',
      promise: 'contract 5',
    },
    {
      text: 'uses > (this.options.requestsPerMinute ?? Number.POSITIVE_INFINITY)',
      becomes: 'false',
      what: 'the request after it does not',
      promise: 'contract 5',
    },
    {
      text: 'Math.min(windowEndsAt - now, this.windowMs)',
      becomes: 'windowEndsAt - now',
      what: 'nobody is told to wait for longer than a window',
      promise: 'contract 5',
    },
    {
      text: 'new KeyLimited(Math.max(1, Math.ceil(leftMs / 1000)))',
      becomes: 'new KeyLimited(Math.ceil(leftMs / 1000))',
      what: 'nobody is told to come back at once',
      promise: 'contract 5',
    },
    {
      text: '< lastUsedMs) return record;',
      becomes: '< 0) return record;',
      what: 'with no limit, a use is one read as a rule',
      promise: 'Verifying a key',
    },
    {
      text: 'const lastUsedMs = 4 * 60_000;',
      becomes: 'const lastUsedMs = 40 * 60_000;',
      what: 'lastUsedAt is at most five minutes behind',
      promise: 'Verifying a key',
    },
    {
      text: 'if (await this.isOfDeletedUser(record, deadline)) return undefined;',
      becomes: '',
      what: 'with no limit, a first use looks whether the owner is gone',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: 'if (await this.isOfDeletedUser(counted, deadline)) return undefined;',
      becomes: '',
      what: 'a first use looks whether the owner is gone',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: `    if (await this.isOfDeletedUser(counted, deadline)) return undefined;
    // Of those who find the window over at once, one opens the next, and the others count in it.
    const opened = await this.openWindow(id, digest, now, deadline);`,
      becomes: `    const opened = await this.openWindow(id, digest, now, deadline);
    if (await this.isOfDeletedUser(counted, deadline)) return undefined;`,
      what: 'that look comes before the window, which says that the key was used',
      promise: 'When a user is deleted',
      tests: [webhook],
    },
    {
      text: 'if (lastUsedAt !== undefined) return false;',
      becomes: '',
      what: 'only a first use looks whether the owner is gone',
      promise: 'The table',
    },
    {
      text: 'if (!counted || this.isOpen(counted, now)) return counted;',
      becomes: 'if (!counted) return counted;',
      what: 'a use in an open window is one update',
      promise: 'The table',
    },
    {
      text: 'if (!counted || this.isOpen(counted, now)) return counted;',
      becomes: 'if (counted || !counted) return counted;',
      what: 'a window that is over is followed by the next',
      promise: 'contract 5',
    },
    {
      text: 'windowEndsAt !== undefined && windowEndsAt > now',
      becomes: 'windowEndsAt !== undefined',
      what: 'a window ends',
      promise: 'contract 5',
    },
    {
      text: 'AND (attribute_not_exists(windowEndsAt) OR windowEndsAt <= :now)',
      becomes: 'AND id <> :now',
      what: 'of those who find a window over at once one opens the next',
      promise: 'contract 5',
    },
    {
      text: 'return opened ?? (await this.countUse(id, digest, deadline));',
      becomes: 'return opened ?? counted;',
      what: 'the others count in what it opened',
      promise: 'contract 5',
    },
    {
      text: 'const over = (this.windows.get(id) ?? Number.POSITIVE_INFINITY) <= now;',
      becomes: 'const over = false;',
      what: 'a window known to be over is followed by one update',
      promise: 'The table',
    },
    {
      text: 'if (this.windows.size >= maxWindows) this.windows.clear();',
      becomes: '',
      what: 'ten thousand windows are kept in mind at most',
      promise: 'Verifying a key',
    },
    {
      text: "set: 'SET uses = :one, windowEndsAt = :end, lastUsedAt = :time',",
      becomes: "set: 'SET uses = :one, windowEndsAt = :end, lastUsedAt = if_not_exists(lastUsedAt, :time)',",
      what: 'every window moves lastUsedAt on',
      promise: 'Verifying a key',
    },
  ],
);
