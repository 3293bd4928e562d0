// In a file of its own, without CDK, because commands read it too.

/** The tables' logical ids, in a stack whose key service is called `Keys`. */
export const tableIds = { keys: 'KeysTable', uses: 'UsesTable' } as const;
