import { verify } from 'node:crypto';
import * as z from 'zod/mini';
import { LeakReportRefused, RequestRefused } from '../shared/errors';
import type { Task } from '../shared/task';
import type { GitHubKeys } from './github-keys';

/** A public text that has the form of a key. GitHub also sends its location, which is not read. */
const match = z.object({
  token: z.string(),
  /** The name under which the pattern is registered at GitHub. */
  type: z.string().check(z.maxLength(100)),
});
export type Match = z.infer<typeof match>;

/** What a report contains. */
export interface Report {
  readonly matches: readonly Match[];
  /** The number of elements with another form, which are ignored. */
  readonly unreadable: number;
}

/** The maximum number of matches in one report. */
const maxMatches = 1_000;

/**
 * The headers of a report. A signature is ECDSA in ASN.1 DER, in base64:
 * https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program/secret-scanning-partner-program
 */
const signedHeaders = z.object({
  'github-public-key-identifier': header(200, /^[\w-]+$/),
  'github-public-key-signature': header(200, /^[A-Za-z0-9+/]+={0,2}$/),
});

/** A header with a maximum length, which is checked before the form. */
function header(maxLength: number, form: RegExp) {
  return z.string().check(z.maxLength(maxLength, { abort: true }), z.regex(form));
}

/** Verifies and reads the reports of GitHub's secret scanning. */
export class GitHubReports {
  constructor(private readonly keys: GitHubKeys) {}

  /**
   * Verifies the signature before the body is parsed.
   * @param headers of the request, with names in lower case.
   * @param body exactly as received.
   * @throws LeakReportRefused for a signature that is missing or wrong, and for a signed body that is no report.
   * @throws RequestRefused for too many matches.
   * @throws DependencyUnavailable when GitHub's keys cannot be read.
   */
  async read(headers: Readonly<Record<string, string>>, body: Buffer, task: Task): Promise<Report> {
    const { data: signed } = signedHeaders.safeParse(headers);
    if (!signed) throw new LeakReportRefused('not signed');
    const key = await this.keys.find(signed['github-public-key-identifier'], task);
    if (!key) throw new LeakReportRefused('unknown key');
    const signature = Buffer.from(signed['github-public-key-signature'], 'base64');
    if (!verify('sha256', body, key, signature)) throw new LeakReportRefused('signature');
    const elements = elementsOf(body.toString());
    if (elements.length > maxMatches) {
      throw new RequestRefused('PAYLOAD_TOO_LARGE', `The report has over ${maxMatches} matches`);
    }
    const matches = elements.flatMap((element) => match.safeParse(element).data ?? []);
    return { matches, unreadable: elements.length - matches.length };
  }
}

function elementsOf(body: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  if (!Array.isArray(parsed)) throw new LeakReportRefused('not an array in JSON');
  return parsed;
}
