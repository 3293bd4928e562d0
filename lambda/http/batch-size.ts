/** The maximum number of calls in a batch. */
export const maxBatchSize = 10;
