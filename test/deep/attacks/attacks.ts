import type { Attack } from './attack';
import { batches } from './cases/batches';
import { bodies } from './cases/bodies';
import { credentials } from './cases/credentials';
import { ids } from './cases/ids';
import { keys } from './cases/keys';
import { leaks } from './cases/leaks';
import { names } from './cases/names';
import { organizations } from './cases/organizations';
import { rights } from './cases/rights';
import { rotations } from './cases/rotations';
import { routes } from './cases/routes';
import { sessions } from './cases/sessions';
import { spoofing } from './cases/spoofing';
import { webhooks } from './cases/webhooks';

const files = {
  bodies,
  routes,
  batches,
  names,
  sessions,
  credentials,
  keys,
  ids,
  rights,
  organizations,
  rotations,
  webhooks,
  leaks,
  spoofing,
};

export const attackClasses: Readonly<Record<string, readonly Attack[]>> = Object.fromEntries(
  Object.entries(files).flatMap(([file, classes]) =>
    Object.entries(classes).map(([name, attacks]) => [`${file}, ${name}`, attacks]),
  ),
);
