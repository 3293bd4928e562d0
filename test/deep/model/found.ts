import type { Round } from './sequences';

/** Sequences that broke a promise once, or that show what the search is to find, each with what it is about. */
export const found: readonly [what: string, rounds: readonly Round[]][] = [
  [
    'a process dies between the revocation here and Clerk’s',
    [
      [{ user: 0, does: 'create', name: 0 }],
      [
        {
          user: 0,
          does: 'revoke',
          key: 0,
          fault: { part: 'clerk', after: 0, kind: 'killed before', times: 1 },
        },
      ],
    ],
  ],
];
