import type { Attack } from './attack';
import { batches } from './cases/batches';
import { bodies } from './cases/bodies';
import { credentials } from './cases/credentials';
import { keys } from './cases/keys';
import { names } from './cases/names';
import { revocations } from './cases/revocations';
import { routes } from './cases/routes';
import { sessionHeaders } from './cases/session-headers';
import { sessions } from './cases/sessions';
import { spoofing } from './cases/spoofing';
import { trpcClients } from './cases/trpc-clients';
import { webhookEvents } from './cases/webhook-events';
import { webhooks } from './cases/webhooks';

const files: Readonly<Record<string, Readonly<Record<string, readonly Attack[]>>>> = {
  bodies,
  routes,
  batches,
  'tRPC clients': trpcClients,
  names,
  'session tokens': { ...sessionHeaders, ...sessions },
  credentials,
  keys,
  revocations,
  webhooks: { ...webhooks, ...webhookEvents },
  spoofing,
};

/** The attacks by what they go for: `bodies, malformed`. */
export const attackClasses: Readonly<Record<string, readonly Attack[]>> = Object.fromEntries(
  Object.entries(files).flatMap(([file, classes]) =>
    Object.entries(classes).map(([name, attacks]) => [`${file}, ${name}`, attacks]),
  ),
);
