import { apiEnvironment, parseEnvironment } from '../../../lambda/shared/env';

const complete = {
  STAGE: 'test',
  TABLE_NAME: 'keys',
  KEY_PREFIX: 'sk_satori',
  KEY_REQUESTS_PER_MINUTE: '100',
  CLERK_SECRET_ID: 'clerk-secret',
  CLERK_INSTANCE: 'production',
  CLERK_ISSUER: 'https://clerk.example.com',
  CLERK_AUTHORIZED_PARTIES: 'https://a.example.com,https://b.example.com',
};

describe('the environment of the API function', () => {
  it('is read in our words, with sixty seconds for an orphan’s age', () => {
    expect(parseEnvironment(apiEnvironment, complete)).toEqual({
      ...complete,
      KEY_REQUESTS_PER_MINUTE: 100,
      CLERK_AUTHORIZED_PARTIES: ['https://a.example.com', 'https://b.example.com'],
      ORPHAN_AGE_SECONDS: 60,
    });
  });

  it.each([
    ['STAGE', ''],
    ['TABLE_NAME', ''],
    ['TABLE_NAME', undefined],
    ['KEY_PREFIX', 'sk-satori'],
    ['KEY_PREFIX', ''],
    ['KEY_REQUESTS_PER_MINUTE', '0'],
    ['KEY_REQUESTS_PER_MINUTE', '1.5'],
    ['KEY_REQUESTS_PER_MINUTE', 'many'],
    ['CLERK_SECRET_ID', ''],
    ['CLERK_INSTANCE', 'live'],
    ['CLERK_ISSUER', undefined],
    ['CLERK_AUTHORIZED_PARTIES', undefined],
    ['CLERK_API_URL', 'no URL'],
    ['ORPHAN_AGE_SECONDS', '0'],
    ['ORPHAN_AGE_SECONDS', '-1'],
  ])('stops the start where %s is %j, and the error has no value', (name, value) => {
    expect(() => parseEnvironment(apiEnvironment, { ...complete, [name]: value })).toThrow(
      new Error(`Environment variables missing or wrong: ${name}`),
    );
  });
});
