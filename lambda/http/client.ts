import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from './router';

// The types for clients of the API. This file exports no values, so it adds no code to a browser bundle.

export type { PublicCode } from './public-errors';
export type { AppRouter } from './router';

/** The input of each procedure, such as `RouterInputs['keys']['create']`. */
export type RouterInputs = inferRouterInputs<AppRouter>;

/** The result of each procedure, such as `RouterOutputs['keys']['list'][number]`. */
export type RouterOutputs = inferRouterOutputs<AppRouter>;
