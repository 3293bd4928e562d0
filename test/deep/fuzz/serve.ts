// Runs the local service with limits that the fuzzer does not reach. For test/deep/fuzz/fuzz.test.ts.
import { startLocalService } from '../../../local/local-service';

const environment = { MAX_KEYS_PER_OWNER: '100000', KEYS_PER_OWNER_PER_HOUR: '100000' };
startLocalService({ port: 0, environment }).then((service) => {
  console.log(`${service.url}\nPress Ctrl-C to stop.`);
  process.once('SIGINT', () => service.close().then(() => process.exit(0)));
});
