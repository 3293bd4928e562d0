const { jest } = require('../../../package.json');

// Tests of `npm test` and the model test again, with AWS's DynamoDB Local in place of dynalite.
module.exports = {
  ...jest,
  rootDir: '../../..',
  testMatch: [
    '**/test/lambda/**/*.test.ts',
    '**/test/deep/faults/**/*.test.ts',
    '**/test/deep/local/two-servers.test.ts',
    '**/test/deep/model/model.test.ts',
  ],
  // It sees the writes of dynalite, and not those of this server.
  testPathIgnorePatterns: ['/lambda/events/every-change\\.test\\.ts$'],
  // The server needs the other of CI's two cores: a test that waits for it runs into the service's time limits.
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/deep/dynamodb-local/global-setup.ts',
};
