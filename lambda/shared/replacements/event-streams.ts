// In the bundle instead of `@smithy/core/event-streams`, which the SDK imports when an operation streams events. No
// operation of DynamoDB or Secrets Manager does. The original shares modules with the rest of the SDK, which esbuild
// then puts into a file of its own, and each file costs time at the start.

/** The export that the SDK uses first. It always throws an Error. */
export const eventStreamSerdeProvider = (): never => {
  throw new Error('The bundle does not contain the SDK’s support for event streams');
};
