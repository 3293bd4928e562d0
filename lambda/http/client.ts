import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from './router';

// What a client is typed by: the package's only export for callers. Types alone, so nothing of it runs in a browser.

export type { PublicCode } from './public-errors';
export type { AppRouter } from './router';

/** What each procedure takes: `RouterInputs['keys']['create']`. */
export type RouterInputs = inferRouterInputs<AppRouter>;

/** What each procedure answers: `RouterOutputs['keys']['list'][number]`. */
export type RouterOutputs = inferRouterOutputs<AppRouter>;
