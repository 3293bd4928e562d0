// npm run console:build, then: npx cdk deploy -a 'npx tsx examples/console-hosting/app.ts'
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ConsoleHosting } from './stack';

new ConsoleHosting(new App(), 'console-hosting', {
  buildDirectory: join(__dirname, '..', '..', 'console', 'dist'),
});
