import type { Answer } from './answer-text';
import { recordOf } from './answer-text';

const logs = 'look up the request id in the logs (docs/operations.md)';
const rightUrl = 'Set --url to the ApiUrl that the deployment printed.';

/** What to do next about an unexpected answer. */
export function adviceOn({ status, body, session }: Answer): string {
  const { error } = recordOf(body);
  const ofTheService = error !== undefined;
  if (status >= 300 && status < 400) return `The URL redirects. ${rightUrl}`;
  if (status === 400 && String(recordOf(error).message).includes('unknown scope')) {
    return 'The stage does not have these scopes: set --scopes to scopes of the stage, or leave it out.';
  }
  if (status === 401 && session) return session.whyRefused();
  if (status === 403 && ofTheService) {
    return 'An impersonated session, or one of a banned user, may not create keys: sign in as yourself.';
  }
  if (status === 404 && !ofTheService) return `The gateway does not have this path. ${rightUrl}`;
  if (status === 409 && ofTheService) {
    return 'The user has as many keys as the stage allows: revoke some, or sign in as another user.';
  }
  if (status === 429) {
    return 'A limit is reached: of the stage, of Clerk, or of keys that one user may create per hour. Run this again later.';
  }
  if (status === 503) {
    return `Clerk, DynamoDB or Secrets Manager did not answer in time: run this again. If it fails again, ${logs}.`;
  }
  if (status >= 500) {
    return `An internal error of the service: ${logs}. On a new stage, check that Clerk's secret is stored (docs/operations.md, The first deployment).`;
  }
  if (body === undefined || (status >= 400 && !ofTheService)) {
    return `Another server answers at this URL. ${rightUrl}`;
  }
  return `The service breaks its contract: ${logs}, and roll back to the last version that passed.`;
}

/** What to do next when there was no answer. */
export function adviceOnSilence(code: string, host: string): string {
  if (code === 'ECONNREFUSED') return `Nothing listens at ${host}. ${rightUrl} npm start starts a local server.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The host name ${host} does not exist. ${rightUrl} A stage that was deleted and deployed again has another one.`;
  }
  if (/CERT|TLS|SSL|SIGN|ISSUER|EPROTO/.test(code)) {
    return `The certificate of ${host} is not trusted. If it is your company's own, set NODE_EXTRA_CA_CERTS.`;
  }
  if (/TIME/i.test(code)) {
    return `${host} took too long: run this again. If it fails again, check the function's logs and throttles (docs/operations.md).`;
  }
  return `The connection to ${host} was interrupted: run this again.`;
}
