// The local server, as npm start runs it, with the measurement's tables and stand-ins.
import { startLocalService } from '../../../local/local-service';
import { sayReady, settingsOf } from '../own-process';
import type { ServerSettings } from './server-settings';

async function main(): Promise<void> {
  const { secret, variables, credentials } = settingsOf<ServerSettings>();
  const of = (name: string) => ({ [name]: variables[name] ?? '' });
  const { url } = await startLocalService({
    port: 0,
    credentials,
    realClerk: {
      ...secret,
      apiUrl: variables.CLERK_API_URL,
      issuer: variables.CLERK_ISSUER,
      authorizedParties: variables.CLERK_AUTHORIZED_PARTIES,
    },
    environment: {
      ...of('AWS_ENDPOINT_URL_DYNAMODB'),
      ...of('KEY_PREFIX'),
      ...of('KEY_REQUESTS_PER_MINUTE'),
      ...of('MAX_KEYS_PER_OWNER'),
      ...of('KEYS_PER_OWNER_PER_HOUR'),
    },
  });
  sayReady({ url });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
