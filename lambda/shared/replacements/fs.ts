// In the bundle instead of `node:fs`. An import of that name evaluates all members of the module, which loads
// `node:fs/promises` and more at each cold start.
export = process.getBuiltinModule('node:fs');
