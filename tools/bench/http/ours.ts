// The local server, as npm start runs it, with its parts elsewhere.
import { startLocalService } from '../../../local/local-service';
import { sayReady, settingsOf } from '../own-process';
import type { ServerSettings } from './server-settings';

async function main(): Promise<void> {
  const { secret, variables } = settingsOf<ServerSettings>();
  const { url } = await startLocalService({
    port: 0,
    realClerk: {
      ...secret,
      apiUrl: variables.CLERK_API_URL,
      issuer: variables.CLERK_ISSUER,
      authorizedParties: variables.CLERK_AUTHORIZED_PARTIES,
    },
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: variables.AWS_ENDPOINT_URL_DYNAMODB ?? '',
      KEY_REQUESTS_PER_MINUTE: variables.KEY_REQUESTS_PER_MINUTE ?? '',
    },
  });
  sayReady({ url });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
