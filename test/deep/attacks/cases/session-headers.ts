import type { Attack } from '../attack';
import {
  attackersJwk,
  attackersSignature,
  derOf,
  encoded,
  hmacOfPublicKey,
  noise,
  partsOf,
  signedWith,
  withHeader,
} from '../forged-tokens';
import { refused } from '../requests';

/** RFC 8725, sections 2.1 and 3.1; RFC 7515, sections 4.1.2 to 4.1.11. */
const algorithms: readonly Attack[] = [
  ...['none', 'None', 'NONE', 'nOnE', ' none', 'none\u0000', ''].map((alg) =>
    refused(
      `the algorithm ${JSON.stringify(alg)} and no signature`,
      signedWith({ alg, typ: 'JWT' }, () => ''),
    ),
  ),
  refused(
    'no algorithm',
    signedWith({ alg: undefined }, () => ''),
  ),
  refused(
    'the algorithm none and the old signature',
    signedWith({ alg: 'none' }, (_signed, setting) => partsOf(setting).signature),
  ),
  refused(
    'RS256 and no signature',
    signedWith({}, () => ''),
  ),
  refused('HS256 with the PEM as the secret', signedWith({ alg: 'HS256' }, hmacOfPublicKey('sha256'))),
  refused(
    'HS256 with the trimmed PEM as the secret',
    signedWith(
      { alg: 'HS256' },
      hmacOfPublicKey('sha256', (pem) => pem.trim()),
    ),
  ),
  refused('HS256 with the DER as the secret', signedWith({ alg: 'HS256' }, hmacOfPublicKey('sha256', derOf))),
  refused('HS512 with the PEM as the secret', signedWith({ alg: 'HS512' }, hmacOfPublicKey('sha512'))),
  refused('RS256 over an HMAC', signedWith({}, hmacOfPublicKey('sha256'))),
  ...['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA', 'rs256', 'RS256 '].map((alg) =>
    refused(`the algorithm ${JSON.stringify(alg)} over Clerk’s own signature`, withHeader({ alg })),
  ),
  refused('a list of algorithms', withHeader({ alg: ['RS256', 'none'] })),
  refused('an algorithm that is null', withHeader({ alg: null })),
];

const headers: readonly Attack[] = [
  refused('a key of their own', signedWith({}, attackersSignature)),
  refused('a key of their own in jwk', signedWith({ jwk: attackersJwk }, attackersSignature)),
  refused(
    'a key of their own in jwk, with its kid',
    signedWith({ jwk: { ...attackersJwk, kid: 'evil' }, kid: 'evil' }, attackersSignature),
  ),
  refused(
    'a key of their own behind jku',
    signedWith({ jku: 'http://127.0.0.1:9/jwks.json' }, attackersSignature),
  ),
  refused(
    'a key of their own behind x5u',
    signedWith({ x5u: 'http://127.0.0.1:9/cert.pem' }, attackersSignature),
  ),
  refused(
    'a key of their own in x5c',
    signedWith({ x5c: [Buffer.from(noise(64)).toString('base64')] }, attackersSignature),
  ),
  refused(
    'a kid that is a path',
    signedWith({ kid: '../../../../dev/null' }, () => ''),
  ),
  refused('a kid that is SQL', signedWith({ kid: "x' UNION SELECT 'secret" }, attackersSignature)),
  refused('a kid that is an inherited name', signedWith({ kid: '__proto__' }, attackersSignature)),
  refused('an extension that has to be understood', withHeader({ crit: ['exp2'], exp2: 1 })),
  refused('crit that lists nothing', withHeader({ crit: [] })),
  refused('b64 that is false', withHeader({ crit: ['b64'], b64: false })),
  refused('another type', withHeader({ typ: 'at+jwt' })),
  refused('a type that is a list', withHeader({ typ: ['JWT'] })),
  refused('a category that nobody knows', withHeader({ cat: 'cl_B7d4PD222AAA' })),
  refused('the category of a machine’s token', withHeader({ cat: 'cl_B7d4PD333AAA' })),
  refused('a category that is a list', withHeader({ cat: ['cl_B7d4PD111AAA'] })),
  refused('a header that is null', ({ token }) => `${encoded(null)}.${token.split('.').slice(1).join('.')}`),
  refused(
    'a header that is a list',
    ({ token }) => `${encoded(['RS256'])}.${token.split('.').slice(1).join('.')}`,
  ),
  refused(
    'a header of the prototype’s',
    ({ token }) =>
      `${Buffer.from('{"__proto__":{"alg":"RS256"}}').toString('base64url')}.${token.split('.').slice(1).join('.')}`,
  ),
];

export const sessionHeaders = { algorithms, headers };
