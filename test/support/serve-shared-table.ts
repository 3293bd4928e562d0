// `npm start` on a table that is not its own: one of several servers of one deployment. For test/local/life.test.ts.
import { realClerkFrom } from '../../local/clerk-instance';
import { startLocalService } from '../../local/local-service';

const table = process.env.SHARED_TABLE_URL ?? '';
startLocalService({
  port: 0,
  realClerk: realClerkFrom(process.env),
  environment: { AWS_ENDPOINT_URL_DYNAMODB: table },
}).then((service) => {
  console.log(`${service.url}\nStop: Ctrl-C`);
  process.once('SIGINT', () => service.close().then(() => process.exit(0)));
});
