import { digestOf } from '../keys/secret';
import { LeakReportRefused, RequestRefused } from '../shared/errors';
import type { RequestTask, Services } from './context';
import { bodyBytes, type HttpApiEvent } from './event';
import type { HttpResponse } from './response';

/** The largest accepted report, in bytes. */
const maxReportBytes = 1024 * 1024;

/**
 * Handles a report of GitHub's secret scanning: ends each secret in it, and tells GitHub which texts were secrets.
 * Handling the same report more than once is safe and gives the same response.
 * @throws RequestRefused when the body is too large.
 * @throws the errors of `GitHubReports.read` and `ExposedKeys.end`. Those after the check that the report is signed
 *   count as `LeakReportsFailed`.
 */
export async function handleGitHubReport(
  event: HttpApiEvent,
  services: Services,
  task: RequestTask,
): Promise<HttpResponse> {
  const body = bodyBytes(event);
  if (body.length > maxReportBytes) throw new RequestRefused('PAYLOAD_TOO_LARGE', 'The body is over 1 MB');
  const { reports, exposed } = await services.leaks();
  try {
    const { matches, unreadable } = await reports.read(event.headers, body, task);
    if (unreadable > 0) task.log.warn('leak.unreadable', { unreadable });
    const texts = matches.map(({ token }) => token);
    const verdicts = await exposed.end(texts, task);
    const labels = matches.map(({ token, type }) => ({
      // GitHub knows the token. With its hash, the response contains no secret.
      token_hash: digestOf(token),
      token_type: type,
      label: verdicts.get(token) === 'secret' ? 'true_positive' : 'false_positive',
    }));
    return { status: 200, body: JSON.stringify(labels) };
  } catch (error) {
    // Anybody can send a request that is not signed at all. GitHub's own reports always are.
    const isUnsigned = error instanceof LeakReportRefused && error.details.reason === 'not signed';
    if (!isUnsigned) task.record.counters.add('LeakReportsFailed');
    throw error;
  }
}
