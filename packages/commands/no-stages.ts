/** The stages of an app that installs the package: none. A clone has them in stages.config.ts. */
export default {};
