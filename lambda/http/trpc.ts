import { initTRPC, TRPCError } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { ImpersonationRefused, type KeysError } from '../shared/errors';
import type { RequestContext } from './context';
import { httpStatus, publicErrorOf } from './public-errors';

const t = initTRPC.context<RequestContext>().create({
  // tRPC would send stacks wherever NODE_ENV is not "production".
  isDev: false,
  errorFormatter({ shape, error, type }) {
    const { code, message } = publicErrorOf(error);
    const { path, ...data } = shape.data;
    // The path of a procedure that does not exist is the caller's own words.
    const known = type !== 'unknown' && path !== undefined;
    return {
      message,
      code: TRPC_ERROR_CODES_BY_KEY[code],
      data: {
        ...data,
        code,
        httpStatus: httpStatus[code],
        ...(known && { path }),
      },
    };
  },
});

export const { router, createCallerFactory } = t;

/** The tRPC form of an error of ours, which carries the HTTP status; the formatter reads its cause. */
export function toTrpcError(error: KeysError): TRPCError {
  return new TRPCError({ code: publicErrorOf(error).code, cause: error });
}

const procedure = t.procedure.use(({ ctx, path, next }) => {
  ctx.record.procedures.add(path);
  return next();
});

/** For a person signed in, or somebody who impersonates one. */
export const sessionProcedure = procedure.use(async ({ ctx, next }) =>
  next({ ctx: { session: await ctx.session() } }),
);

/** For a person signed in as themselves: what changes keys. */
export const ownSessionProcedure = sessionProcedure.use(({ ctx, next }) => {
  if (ctx.session.impersonated) throw new ImpersonationRefused();
  return next();
});

/** For a program that holds a key. */
export const keyProcedure = procedure.use(async ({ ctx, next }) => next({ ctx: { key: await ctx.key() } }));
