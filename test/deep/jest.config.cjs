const { jest } = require('../../package.json');

// The deep suites: slower than `npm test`, and run by CI after it. The browser's has a configuration of its own.
module.exports = {
  ...jest,
  rootDir: '../..',
  roots: ['<rootDir>/test/deep'],
  testPathIgnorePatterns: ['<rootDir>/test/deep/browser/'],
};
