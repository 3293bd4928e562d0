import * as z from 'zod/mini';

// The events that this service sends to EventBridge: docs/events.md. Adding members is safe, because consumers
// must ignore those that they do not know. No member may be a secret, a digest or a token.

const time = z.iso.datetime();

/** The key after the change. */
const eventKey = z.object({
  id: z.uuid(),
  /** The user or organization that the key belongs to. */
  ownerId: z.string(),
  /** The user who created it. */
  clerkUserId: z.string(),
  /** The organization that it belongs to; null for a user's own key. */
  clerkOrgId: z.nullable(z.string()),
  clerkKeyId: z.string(),
  name: z.string(),
  /** Shows which key it is, such as `sk_satori_67Zw…kRb2`. */
  hint: z.string(),
  scopes: z.array(z.string()),
  createdAt: time,
  expiresAt: z.nullable(time),
  enabled: z.boolean(),
  /** If the service disabled it: why, `idle` or `restore`. */
  disabledBy: z.nullable(z.string()),
  /** True while the key is refused because its user is banned. */
  suspended: z.boolean(),
  revokedAt: z.nullable(time),
});
export type EventKey = z.infer<typeof eventKey>;

const common = {
  /** The same for each delivery of the same event. */
  id: z.string(),
  /** Increases with each change of the key. EventBridge does not guarantee the order of events. */
  version: z.number(),
  /** When the change was stored. */
  time,
  key: eventKey,
};

/** The values of `changed` in `ApiKeyUpdated`. */
export const changedFields = ['description', 'scopes', 'enabled', 'suspended', 'previousSecret'] as const;

/** The schema of the detail of each event, by detail type. */
export const keyEvents = {
  ApiKeyCreated: z.object(common),
  ApiKeyUpdated: z.object({
    ...common,
    /** `previousSecret`: somebody who has the secret before the last rotation ended it. */
    changed: z.array(z.enum(changedFields)),
  }),
  ApiKeyRotated: z.object({
    ...common,
    /** How long the previous secret is accepted after the first use of the new one; 0 if it has ended. */
    gracePeriodSeconds: z.number(),
  }),
  ApiKeyRevoked: z.object({
    ...common,
    /** `owner`, `holder`, `exposed`, `owner-deleted`, `clerk`, `operator` or `unknown`; others may be added. */
    reason: z.string(),
  }),
  ApiKeyFirstUsed: z.object(common),
  ApiKeyExpiring: z.object(common),
} as const;

export type KeyEventType = keyof typeof keyEvents;

/** An event: its detail type, and its detail. */
export type KeyEvent = {
  [Type in KeyEventType]: { readonly type: Type; readonly detail: z.infer<(typeof keyEvents)[Type]> };
}[KeyEventType];

/** The source of all events. */
export const eventSource = 'satori-keys';
