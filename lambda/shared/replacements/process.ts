// In the bundle instead of `node:process`. An import of that name evaluates all members of the module, which takes time
// at each cold start.
export = process;
