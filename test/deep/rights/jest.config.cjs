const { jest } = require('../../../package.json');

// The roles of the templates, tried out on an emulator that enforces IAM.
module.exports = {
  ...jest,
  rootDir: '../../..',
  roots: ['<rootDir>/test/deep/rights'],
  testPathIgnorePatterns: [],
  // The test files share the tables of one account.
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/deep/rights/global-setup.ts',
};
