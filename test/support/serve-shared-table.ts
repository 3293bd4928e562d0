// Runs the local service on existing tables, as one of several servers. For test/deep/local/two-servers.test.ts.
import { realClerkFrom } from '../../local/clerk-instance';
import { startLocalService } from '../../local/local-service';

const {
  SHARED_URL = '',
  SHARED_CREDENTIALS = '',
  SHARED_TABLE_NAME = '',
  SHARED_USES_TABLE_NAME = '',
  SHARED_CLERK_URL,
} = process.env;
startLocalService({
  port: 0,
  realClerk: realClerkFrom(process.env, SHARED_CLERK_URL),
  credentials: JSON.parse(SHARED_CREDENTIALS),
  environment: {
    AWS_ENDPOINT_URL_DYNAMODB: SHARED_URL,
    TABLE_NAME: SHARED_TABLE_NAME,
    USES_TABLE_NAME: SHARED_USES_TABLE_NAME,
  },
}).then((service) => {
  console.log(`${service.url}\nPress Ctrl-C to stop.`);
  process.once('SIGINT', () => service.close().then(() => process.exit(0)));
});
