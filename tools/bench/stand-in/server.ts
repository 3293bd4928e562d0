// Clerk, Secrets Manager and DynamoDB in one process that answers at once, so that only the caller is measured.
import { text } from 'node:stream/consumers';
import { serve } from '../../../local/loopback';
import { sayReady, settingsOf } from '../own-process';
import { awsAnswers, clerkAnswer, type StandInSettings } from './answers';

const answers = awsAnswers(settingsOf<StandInSettings>());
/** The number of calls, by operation. */
const calls: Record<string, number> = {};

async function main(): Promise<void> {
  const server = await serve(async (request, response) => {
    const body = await text(request);
    const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
    const operation = target.split('.').pop() ?? '';
    const answer = operation === 'POST /api_keys' ? clerkAnswer(body) : answers(operation, body);
    calls[operation] = (calls[operation] ?? 0) + 1;
    const type = request.headers['content-type'] ?? 'application/json';
    response.writeHead(answer === undefined ? 400 : 200, { 'content-type': type }).end(answer ?? '{}');
  });
  sayReady({ url: server.url }, async () => ({ ...calls }));
}

main();
