import type { Guard } from './guard';
import { answers } from './guards/answers';
import { clerkCalls } from './guards/clerk-calls';
import { clerkSecret } from './guards/clerk-secret';
import { foundations } from './guards/foundations';
import { inputs } from './guards/inputs';
import { keyForm } from './guards/key-form';
import { listing } from './guards/listing';
import { making } from './guards/making';
import { requests } from './guards/requests';
import { revoking } from './guards/revoking';
import { sessions } from './guards/sessions';
import { items, storing } from './guards/storing';
import { verifying } from './guards/verifying';
import { webhooks } from './guards/webhooks';

/** All that lambda/ sees to, in the order of a key's life. */
export const guards: readonly Guard[] = [
  ...inputs,
  ...sessions,
  ...making,
  ...clerkCalls,
  ...clerkSecret,
  ...storing,
  ...items,
  ...keyForm,
  ...verifying,
  ...revoking,
  ...listing,
  ...webhooks,
  ...requests,
  ...answers,
  ...foundations,
];
