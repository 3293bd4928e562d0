const { jest } = require('../../../package.json');

// `npm test` runs without a browser, so its configuration does not match files that end in .browser.ts.
module.exports = {
  rootDir: '../../..',
  testEnvironment: 'node',
  transform: jest.transform,
  roots: ['<rootDir>/test/deep/browser'],
  testMatch: ['**/*.browser.ts'],
  globalSetup: '<rootDir>/test/deep/browser/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/deep/browser/support/global-teardown.ts',
  // All files share one browser, so more workers would only slow each other down.
  maxWorkers: 2,
  testTimeout: 30_000,
};
