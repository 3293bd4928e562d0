// In the bundle instead of `node:process`. An import of that module evaluates all its members, which takes 2 ms at each
// cold start. These are the members that the bundled packages import.
export const { env, versions } = process;
