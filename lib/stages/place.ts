/** How problems name what they are about, and where to correct it. */
export interface Place {
  /** Such as `Stage dev`. */
  readonly subject: string;
  /** Where the values stand, such as `stages.config.ts`. */
  readonly source: string;
  /** What sets the Region, such as `region`. */
  readonly regionField: string;
}

/** The place of a stage's values. */
export const stagePlace = (name: string): Place => ({
  subject: `Stage ${name}`,
  source: 'stages.config.ts',
  regionField: 'region',
});
