import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import * as z from 'zod';

/** An error response of Clerk. */
export class ClerkError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

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

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The API keys of a Clerk instance. Only a digest of each secret is stored. */
export class ClerkApiKeyRegistry {
  private readonly keys = new Map<string, { key: ApiKey; digest: string }>();
  private readonly deletedSubjects = new Set<string>();

  /** @param file stores the keys, one line per change. Without it, the keys are in memory only. */
  constructor(private readonly file?: string) {
    if (!file || !existsSync(file)) return;
    const written = readFileSync(file, 'utf8');
    // Drop an incomplete last line, left by a crash. The request that wrote it was never answered.
    const whole = written.slice(0, written.lastIndexOf('\n') + 1);
    truncateSync(file, Buffer.byteLength(whole));
    for (const line of whole.split('\n').filter(Boolean)) {
      const entry = JSON.parse(line);
      if (entry.deletedSubject) this.deletedSubjects.add(entry.deletedSubject);
      else this.keys.set(entry.key.id, entry);
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
      .map((key) => ({ ...key, expired: isExpired(key) }))
      .reverse()
      .sort((a, b) => b.created_at - a.created_at);
    return { data: found.slice(offset, offset + limit), total_count: found.length };
  }

  get(id: string): ApiKey {
    return this.entry(id).key;
  }

  revoke(id: string, body: unknown): ApiKey {
    const { revocation_reason } = parse(requests.revoke, body);
    const { key, digest } = this.entry(id);
    if (key.revoked) return key;
    const revoked = { ...key, revoked: true, revocation_reason, updated_at: Date.now() };
    this.save(revoked, digest);
    return revoked;
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
    if (this.file) appendFileSync(this.file, `${JSON.stringify({ deletedSubject })}\n`);
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
    if (this.file) appendFileSync(this.file, `${JSON.stringify({ key, digest })}\n`);
    this.keys.set(key.id, { key, digest });
  }
}

const isExpired = (key: ApiKey) => key.expiration !== null && key.expiration <= Date.now();
const isValid = (key: ApiKey) => !key.revoked && !isExpired(key);

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ClerkError(400, 'bad_request', `Invalid '${issue?.path.join('.')}': ${issue?.message}`);
}
