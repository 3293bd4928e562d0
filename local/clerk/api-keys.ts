import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { ClerkError } from './error';
import { Journal } from './journal';

const subject = z.string().regex(/^(user|org|mch|scim)_\w{27}$/);
const unknownKey = { error: 'Unrecognized key in request body' };

/** Request bodies and queries of the Backend API, version 2026-05-12. Unknown members of a body are rejected. */
const requests = {
  create: z.strictObject(
    {
      type: z.string().min(3).max(25).default('api_key'),
      name: z
        .string()
        .min(3)
        .regex(/^(\S(.*\S)?)?$/),
      description: z.string().max(255).nullable().default(null),
      subject,
      claims: z.unknown().optional(),
      scopes: z.array(z.string()).default([]),
      created_by: z
        .string()
        .regex(/^user_\w{27}$/)
        .nullable()
        .default(null),
      seconds_until_expiration: z.number().positive().nullable().default(null),
    },
    unknownKey,
  ),
  list: z.object({
    type: z.string().min(3).default('api_key'),
    subject,
    include_invalid: z.enum(['true', 'false']).default('false'),
    limit: z.coerce.number().min(1).max(100).default(10),
    offset: z.coerce.number().min(0).default(0),
    query: z.string().optional(),
  }),
  revoke: z.strictObject({ revocation_reason: z.string().nullable().default(null) }, unknownKey),
  verify: z.strictObject({ secret: z.string() }, unknownKey),
};

/** A key without its secret. Only the response to its creation has the secret. */
interface ApiKey {
  object: 'api_key';
  id: string;
  type: string;
  subject: string;
  name: string;
  description: string | null;
  claims: unknown;
  scopes: string[];
  revoked: boolean;
  revocation_reason: string | null;
  expired: boolean;
  expiration: number | null;
  created_by: string | null;
  last_used_at: number | null;
  created_at: number;
  updated_at: number;
}

interface StoredKey {
  readonly key: ApiKey;
  readonly digest: string;
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The API keys of a Clerk instance. Only a digest of each secret is stored. */
export class ClerkApiKeyRegistry {
  private readonly keys = new Map<string, StoredKey>();
  private readonly deletedSubjects = new Set<string>();
  private readonly journal: Journal<StoredKey | { deletedSubject: string }>;

  /** @param file stores the changes. Without it, they are in memory only. */
  constructor(file?: string) {
    this.journal = new Journal(file);
    for (const change of this.journal.read()) {
      if ('deletedSubject' in change) this.deletedSubjects.add(change.deletedSubject);
      else this.keys.set(change.key.id, change);
    }
  }

  create(body: unknown): ApiKey & { secret: string } {
    const { seconds_until_expiration: lifetime, ...wanted } = parse(requests.create, body);
    // Clerk's reference does not say which error a deleted subject gets. 404 is an assumption.
    if (this.deletedSubjects.has(wanted.subject)) throw new ClerkError(404, 'resource_not_found', 'Not Found');
    const sameName = this.ofSubject(wanted.subject).find((key) => isValid(key) && key.name === wanted.name);
    if (sameName) throw new ClerkError(409, 'api_key_name_already_exists', 'API key name already exists');
    const now = Date.now();
    const key: ApiKey = {
      object: 'api_key',
      id: `ak_${randomBytes(16).toString('hex')}`,
      ...wanted,
      claims: wanted.claims ?? null,
      revoked: false,
      revocation_reason: null,
      expired: false,
      expiration: lifetime === null ? null : now + lifetime * 1000,
      last_used_at: null,
      created_at: now,
      updated_at: now,
    };
    const secret = `ak_${randomBytes(24).toString('base64url')}`;
    this.save(key, digestOf(secret));
    return { ...key, secret };
  }

  list(query: unknown): { data: ApiKey[]; total_count: number } {
    const { type, subject, include_invalid, limit, offset, query: text } = parse(requests.list, query);
    const found = this.ofSubject(subject)
      .filter((key) => key.type === type && (include_invalid === 'true' || isValid(key)))
      .filter((key) => text === undefined || key.name.includes(text))
      .map(asOfNow)
      .reverse()
      .sort((a, b) => b.created_at - a.created_at);
    return { data: found.slice(offset, offset + limit), total_count: found.length };
  }

  get(id: string): ApiKey {
    return asOfNow(this.entry(id).key);
  }

  revoke(id: string, body: unknown): ApiKey {
    const { revocation_reason } = parse(requests.revoke, body);
    const { key, digest } = this.entry(id);
    if (key.revoked) return asOfNow(key);
    const revoked = { ...key, revoked: true, revocation_reason, updated_at: Date.now() };
    this.save(revoked, digest);
    return asOfNow(revoked);
  }

  verify(body: unknown): ApiKey {
    const { secret } = parse(requests.verify, body);
    const digest = digestOf(secret);
    const found = [...this.keys.values()].find((entry) => entry.digest === digest);
    if (!found || !isValid(found.key)) throw new ClerkError(404, 'api_key_not_found', 'API key not found');
    return found.key;
  }

  /** Deletes a user or an organization. It can create no more keys. */
  deleteSubject(deletedSubject: string): void {
    this.journal.append({ deletedSubject });
    this.deletedSubjects.add(deletedSubject);
  }

  private entry(id: string) {
    if (!/^(ak|api_key)_[0-9A-Fa-f]{32}$/.test(id)) throw new ClerkError(400, 'bad_request', 'Bad Request');
    const entry = this.keys.get(id);
    if (!entry) throw new ClerkError(404, 'api_key_not_found', 'API key not found');
    return entry;
  }

  /** The keys of a subject, oldest first. Filters without copying the whole list, which can have thousands of keys. */
  private ofSubject(subject: string): ApiKey[] {
    const found: ApiKey[] = [];
    for (const { key } of this.keys.values()) if (key.subject === subject) found.push(key);
    return found;
  }

  private save(key: ApiKey, digest: string): void {
    this.journal.append({ key, digest });
    this.keys.set(key.id, { key, digest });
  }
}

const isExpired = (key: ApiKey) => key.expiration !== null && key.expiration <= Date.now();
const asOfNow = (key: ApiKey): ApiKey => ({ ...key, expired: isExpired(key) });
const isValid = (key: ApiKey) => !key.revoked && !isExpired(key);

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ClerkError(400, 'bad_request', `Invalid '${issue?.path.join('.')}': ${issue?.message}`);
}
