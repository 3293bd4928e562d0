// In the bundle instead of `node:http`, which the SDK imports for a local endpoint. An import of that name evaluates all
// members of the module, which loads Node's `fetch`.
export = process.getBuiltinModule('node:http');
