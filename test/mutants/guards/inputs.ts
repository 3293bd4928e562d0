import { guardsOf } from '../guard';

const createTest = ['test/lambda/api/keys/create.test.ts'];

/** The name of a key, and the fields of an answer. */
const name = guardsOf('lambda/api/keys/name.ts', createTest, [
  {
    text: "z.normalize('NFC'),",
    becomes: '',
    what: 'a name has one spelling in bytes',
    promise: 'I3',
  },
  {
    text: 'z.trim(),',
    becomes: '',
    what: 'a name has no edge spaces',
    promise: 'contract 3',
  },
  {
    text: 'lengthOf(name) >= minLength',
    becomes: 'true',
    what: 'a name has three characters at least',
    promise: 'contract 3',
  },
  {
    text: 'lengthOf(name) <= maxLength',
    becomes: 'true',
    what: 'a name has a hundred characters at most',
    promise: 'contract 3',
  },
  {
    text: '[...text].length',
    becomes: 'text.length',
    what: 'a character is a code point',
    promise: 'contract 3',
  },
  {
    text: '!unfit.test(name)',
    becomes: 'true',
    what: 'a name holds nothing that misleads its reader',
    promise: 'contract 3',
  },
  {
    text: '\\p{Cc}',
    becomes: '',
    what: 'a name holds no control characters',
    promise: 'contract 3',
  },
  {
    text: '\\p{Cs}',
    becomes: '',
    what: 'a name holds no lone surrogates',
    promise: 'contract 3',
  },
  {
    text: '\\p{Zl}',
    becomes: '',
    what: 'a name holds no line separators',
    promise: 'contract 3',
  },
  {
    text: '\\p{Zp}',
    becomes: '',
    what: 'a name holds no paragraph separators',
    promise: 'contract 3',
  },
  {
    text: '\\u202A-\\u202E',
    becomes: '',
    what: 'a name holds no bidirectional overrides',
    promise: 'contract 3',
  },
  {
    text: '\\u2066-\\u2069',
    becomes: '',
    what: 'a name holds no bidirectional isolates',
    promise: 'contract 3',
  },
]);

const create = guardsOf('lambda/api/keys/create.ts', createTest, [
  {
    text: 'import { ownSessionProcedure }',
    becomes: 'import { sessionProcedure as ownSessionProcedure }',
    what: 'an impersonated session makes no keys',
    promise: 'Who calls',
    tests: ['test/lambda/services/clerk-sessions.test.ts'],
  },
  {
    text: '  .output(createOutput)\n',
    becomes: '',
    what: 'an answer has the fields of the contract only',
    promise: 'contract 3',
    survives:
      'What the issuer returns is these six fields already; the list of them is there for a member that somebody adds.',
  },
]);

const whoami = guardsOf(
  'lambda/api/keys/whoami.ts',
  ['test/lambda/api/keys/whoami.test.ts'],
  [
    {
      text: '.output(whoamiOutput)',
      becomes: '',
      what: 'a look at a key has the fields of the contract only',
      promise: 'contract 5',
      survives:
        'What the verifier returns is these three fields already; the list of them is there for a member that somebody adds.',
    },
  ],
);

export const inputs = [...name, ...create, ...whoami];
