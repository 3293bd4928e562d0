import { guardsOf } from '../guard';

const revoke = 'test/lambda/api/keys/revoke.test.ts';

/** What a list shows and settles, and what the procedure `revoke` takes. */
const list = guardsOf(
  'lambda/api/keys/list.ts',
  [revoke],
  [
    {
      text: 'keys.filter((key) => key.revokedAt)',
      becomes: '[]',
      what: 'a list settles what is owed to Clerk',
      promise: 'Revoking',
    },
    {
      text: 'keys.filter((key) => key.revokedAt)',
      becomes: 'keys',
      what: 'a list tells Clerk of revoked keys only',
      promise: 'Revoking',
    },
    {
      text: '.filter((key) => !key.revokedAt)\n    .map',
      becomes: '.map',
      what: 'a revoked key is not listed',
      promise: 'contract 4',
    },
    {
      text: 'Deadline.in(ctx.deadline.remaining(settleMs))',
      becomes: 'ctx.deadline',
      what: 'a list waits two seconds for Clerk at most',
      promise: 'Revoking',
    },
    {
      text: 'await ctx.revoker.settle',
      becomes: 'void ctx.revoker.settle',
      what: 'settling is waited for, as Lambda freezes what is not',
      promise: 'Revoking',
    },
    {
      text: 'sessionProcedure.output(listOutput)',
      becomes: 'sessionProcedure',
      what: 'a list shows the fields of the contract only',
      promise: 'contract 4',
      tests: ['test/lambda/api/keys/list.test.ts'],
    },
  ],
);

const input = guardsOf(
  'lambda/api/keys/revoke.ts',
  [revoke],
  [
    {
      text: "z.uuid('id must be a UUID')",
      becomes: 'z.string()',
      what: 'an id that is no UUID is 400 and asks nobody',
      promise: 'contract 4',
    },
    {
      text: '.check(z.toLowerCase())',
      becomes: '',
      what: 'a UUID in upper case is the same',
      promise: 'contract 4',
    },
    {
      text: 'import { ownSessionProcedure }',
      becomes: 'import { sessionProcedure as ownSessionProcedure }',
      what: 'an impersonated session revokes nothing',
      promise: 'Who calls',
    },
    {
      text: 'await ctx.revoker.revoke(',
      becomes: 'void ctx.revoker.revoke(',
      what: 'a revocation is answered when it is done',
      promise: 'I4',
    },
  ],
);

export const listing = [...list, ...input];
