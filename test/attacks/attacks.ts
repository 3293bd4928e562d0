import type { Attack } from './attack';
import { bodies } from './cases/bodies';
import { keys } from './cases/keys';
import { sessions } from './cases/sessions';

/** The attacks by what they go for. */
export const attackClasses: Readonly<Record<string, readonly Attack[]>> = { bodies, sessions, keys };
