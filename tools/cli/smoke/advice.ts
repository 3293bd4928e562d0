import { type Answer, recordOf } from './answer-text';

const logs = 'look its id up in the logs, as docs/operations.md says';
const rightUrl = 'Give --url the ApiUrl that the deployment printed.';

/** What to do next about an answer that is not the one of the contract. */
export function adviceOn({ status, body, session }: Answer): string {
  const { error } = recordOf(body);
  const ofTheService = error !== undefined;
  if (status >= 300 && status < 400) return `The URL leads elsewhere. ${rightUrl}`;
  if (status === 401 && session) return session.whyRefused();
  if (status === 403 && ofTheService)
    return 'An impersonated session may not make keys: sign in as yourself.';
  if (status === 404 && !ofTheService) return `The gateway knows no such path. ${rightUrl}`;
  if (status === 429)
    return 'A limit is reached, of the stage or of Clerk: wait a minute and run this again.';
  if (status === 503) {
    return `Clerk, DynamoDB or Secrets Manager did not answer in time: run this again. If it stays so, ${logs}.`;
  }
  if (status >= 500) {
    return `A fault of the service: ${logs}. On a new stage, is Clerk's secret put in (README, Deploying)?`;
  }
  if (body === undefined || (status >= 400 && !ofTheService)) {
    return `Something else than the service answers there. ${rightUrl}`;
  }
  return `The service does not keep its contract: ${logs}, and go back to the version that passed last.`;
}

/** What to do next when no answer came. */
export function adviceOnSilence(code: string, host: string): string {
  if (code === 'ECONNREFUSED') return `Nothing listens at ${host}. ${rightUrl} A local server: npm start.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The name ${host} is not known. ${rightUrl} A stage that was deleted and made again has another.`;
  }
  if (/CERT|TLS|SSL|SIGN|ISSUER|EPROTO/.test(code)) {
    return `The connection to ${host} cannot be trusted: see to its certificate (a company's own goes into NODE_EXTRA_CA_CERTS).`;
  }
  if (/TIME/i.test(code)) {
    return `${host} took too long: run this again. If it stays so, see the function's log and its throttles, as docs/operations.md says.`;
  }
  return `The connection to ${host} broke: run this again.`;
}
