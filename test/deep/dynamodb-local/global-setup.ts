import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder, run, startServer } from '../../support/cached-server';
import setUpTemplate from '../../support/global-setup';

const advice = `test:dynamodb-local needs Java 17 and Maven on Linux (x86-64).
  Debian, Ubuntu:  sudo apt-get install --no-install-recommends default-jre-headless maven`;

const pom = join(__dirname, 'pom.xml');

/** One DynamoDB Local for all test files; each creates its own tables there. */
export default async function setUp(): Promise<void> {
  setUpTemplate();
  // The random sequences of the model for less long than on dynalite.
  process.env.MODEL_MS ??= '45000';
  const jars = cachedFolder('dynamodb-local', readFileSync(pom, 'utf8'), advice, (folder) => {
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    const options = [`-DoutputDirectory=${folder}`, '-DincludeTypes=jar,so', '--strict-checksums'];
    run('mvn', '-q', '-B', '-f', pom, goal, ...options);
  });
  // The JVM lives for minutes: less compiling and one collector thread leave the processor to the tests.
  const jvm = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', `-Djava.library.path=${jars}`];
  const main = ['org.eclipse.jetty.xml.XmlConfiguration', join(__dirname, 'server.xml')];
  const command = ['java', ...jvm, '-cp', join(jars, '*'), ...main];
  const env = { ...process.env, DDB_LOCAL_TELEMETRY: '0' };
  process.env.TEST_DYNAMODB_URL = await startServer(command, env, /^(http:.+:\d+)\/$/m);
}
