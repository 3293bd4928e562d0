import { guardsOf } from '../guard';

const deadlineTest = ['test/lambda/shared/deadline.test.ts'];
const envTest = ['test/lambda/shared/env.test.ts'];
const faults = ['test/lambda/faults.test.ts'];

/** Time, the environment, AWS's clients. */
const deadline = guardsOf('lambda/shared/deadline.ts', deadlineTest, [
  {
    text: 'Math.max(0, Math.min(capMs, this.at - performance.now()))',
    becomes: 'Math.min(capMs, this.at - performance.now())',
    what: 'no time is never less than none',
    promise: 'Making a key',
  },
  {
    text: 'Math.min(capMs, this.at - performance.now())',
    becomes: 'capMs',
    what: 'a call gets what is left of the request’s time',
    promise: 'Making a key',
  },
  {
    text: 'Math.min(capMs, this.at - performance.now())',
    becomes: 'this.at - performance.now()',
    what: 'and its own time at most',
    promise: 'Making a key',
  },
  {
    text: 'Promise.race([work, late])',
    becomes: 'work',
    what: 'what never comes is not waited for',
    promise: 'Making a key',
  },
  {
    text: 'clearTimeout(timer);',
    becomes: '',
    what: 'a call that is over leaves no timer',
    promise: 'Making a key',
  },
]);

const environment = guardsOf('lambda/shared/env.ts', envTest, [
  {
    text: 'const notEmpty = z.string().check(z.minLength(1));',
    becomes: 'const notEmpty = z.string();',
    what: 'an empty table name, stage or secret stops the start',
    promise: 'Parts',
  },
  {
    text: '.check(z.regex(/^[A-Za-z][A-Za-z0-9_]{0,30}$/))',
    becomes: '',
    what: 'a prefix that cannot travel in a key stops the start',
    promise: 'A key',
  },
  {
    text: 'z.coerce.number().check(z.int(), z.positive()),\n  ]),',
    becomes: 'z.coerce.number(),\n  ]),',
    what: 'a limit that is none stops the start',
    promise: 'contract 5',
  },
  {
    text: "CLERK_INSTANCE: z.enum(['development', 'production', 'either']),",
    becomes: 'CLERK_INSTANCE: z.string() as never,',
    what: 'an instance that nobody knows stops the start',
    promise: 'Who calls',
  },
  {
    text: 'CLERK_ISSUER: z.string(),',
    becomes: "CLERK_ISSUER: z._default(z.string(), ''),",
    what: 'an issuer that was forgotten is not the same as none',
    promise: 'Who calls',
  },
  {
    text: "list.split(',').filter((entry) => entry !== '')",
    becomes: "list.split(',')",
    what: 'no party is not an empty one',
    promise: 'Who calls',
    tests: ['test/lambda/services/clerk-sessions.test.ts'],
  },
  {
    text: 'ORPHAN_AGE_SECONDS: z._default(z.coerce.number().check(z.positive()), 60),',
    becomes: 'ORPHAN_AGE_SECONDS: z._default(z.coerce.number(), 60),',
    what: 'an orphan’s age that is none stops the start',
    promise: 'I3',
  },
  {
    text: 'ORPHAN_AGE_SECONDS: z._default(z.coerce.number().check(z.positive()), 60),',
    becomes: 'ORPHAN_AGE_SECONDS: z._default(z.coerce.number().check(z.positive()), 20),',
    what: 'an orphan is older than any request can live',
    promise: 'I3',
  },
  {
    text: "issue.path.join('.')",
    becomes: 'JSON.stringify(issue.path.map((name) => environment[String(name)]))',
    what: 'the error names variables, not their values',
    promise: 'Two protocols, one router',
  },
]);

const clients = guardsOf('lambda/shared/aws-clients.ts', faults, [
  {
    text: 'maxAttempts: 3,',
    becomes: 'maxAttempts: 1,',
    what: 'a lost answer is asked for again',
    promise: 'Making a key',
    within: 'the table fails',
  },
  {
    text: 'requestTimeout: 900, throwOnRequestTimeout: true',
    becomes: 'requestTimeout: 900',
    what: 'what takes longer than a second is lost, and tried again',
    promise: 'Making a key',
    within: 'the table fails',
  },
]);

const metrics = guardsOf(
  'lambda/shared/metrics.ts',
  ['test/lambda/metrics.test.ts'],
  [
    {
      text: 'embedded.clearMetrics();',
      becomes: '',
      what: 'nothing is counted twice',
      promise: 'Parts',
    },
  ],
);

export const foundations = [...deadline, ...environment, ...clients, ...metrics];
