const { jest } = require('../../../package.json');

// Builds the archive once. Each test installs it into an app of its own, outside of the project.
module.exports = {
  ...jest,
  rootDir: '../../..',
  roots: ['<rootDir>/test/deep/install'],
  testPathIgnorePatterns: [],
  globalSetup: '<rootDir>/test/deep/install/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/deep/install/support/global-teardown.ts',
  testTimeout: 240_000,
};
