const { jest } = require('../../../package.json');

// The stack, deployed by the CDK CLI to an emulator that enforces IAM.
module.exports = {
  ...jest,
  rootDir: '../../..',
  roots: ['<rootDir>/test/deep/deploy'],
  testPathIgnorePatterns: [],
  // The test files share one account.
  maxWorkers: 1,
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/deep/deploy/global-setup.ts',
};
