const { jest } = require('../../../package.json');

// Beside `npm test`, which needs no browser: these files are not named as its own are.
module.exports = {
  rootDir: '../../..',
  testEnvironment: 'node',
  transform: jest.transform,
  roots: ['<rootDir>/test/deep/browser'],
  testMatch: ['**/*.browser.ts'],
  globalSetup: '<rootDir>/test/deep/browser/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/deep/browser/support/global-teardown.ts',
  // All files share one machine's browser; more at once would wait for each other.
  maxWorkers: 2,
  testTimeout: 30_000,
};
