import { type AnyTRPCProcedure, initTRPC } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { ImpersonationRefused, Limited } from '../shared/errors';
import type { RequestContext } from './context';
import { httpStatus, publicErrorOf } from './public-errors';

/** What is known about a procedure before it is called. */
export interface ProcedureMeta {
  readonly usesKey?: true;
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    // By default tRPC sends stacks unless NODE_ENV is "production".
    isDev: false,
    errorFormatter({ shape, error, type }) {
      const { code, message } = publicErrorOf(error);
      const { path, ...data } = shape.data;
      // The path of an unknown procedure is the caller's text, so it is left out.
      const known = type !== 'unknown' && path !== undefined;
      return {
        message,
        code: TRPC_ERROR_CODES_BY_KEY[code],
        data: {
          ...data,
          code,
          httpStatus: httpStatus[code],
          ...(known && { path }),
          // A streamed batch has no `Retry-After` per call: its headers are sent before its calls finish.
          ...(error.cause instanceof Limited && { retryAfterSeconds: error.cause.retryAfterSeconds }),
        },
      };
    },
  });

export const { router, createCallerFactory } = t;

/** For any caller. */
export const publicProcedure = t.procedure.use(({ ctx, path, next }) => {
  ctx.record.procedures.add(path);
  return next();
});

/** For signed-in users, including impersonated sessions. */
export const sessionProcedure = publicProcedure.use(async ({ ctx, next }) =>
  next({ ctx: { session: await ctx.session() } }),
);

/** For signed-in users who are not impersonated. Procedures that change keys use it. */
export const ownSessionProcedure = sessionProcedure.use(({ ctx, next }) => {
  if (ctx.session.impersonated) throw new ImpersonationRefused();
  return next();
});

/** For callers with an API key. Each call is one use of the key. */
export const keyProcedure = publicProcedure
  .meta({ usesKey: true })
  .use(async ({ ctx, next }) => next({ ctx: { key: await ctx.key() } }));

/** Whether a call of the procedure is a use of the caller's key. */
export const usesKey = (called: AnyTRPCProcedure | null): boolean => (called?.meta as ProcedureMeta)?.usesKey === true;
