import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { secretProblem } from '../../../lambda/clerk/secret-value';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = { type: 'spki', format: 'pem' } as const;
const pem = String(publicKey.export(spki));
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export(spki);
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki);
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey.export(spki);
const certificate = rootCertificates.find((one) => createPublicKey(one).asymmetricKeyType === 'rsa');
const signing = (bytes: number, encoding: 'base64' | 'base64url' = 'base64') =>
  `whsec_${Buffer.alloc(bytes, 255).toString(encoding)}`;

const notKey = /^must be sk_test_ or sk_live_ followed by letters and digits\. Copy it from/;
const notPem = /^must be one PEM block of the type PUBLIC KEY, not a certificate, private key or RSA PUBLIC KEY\. Copy/;
const notRsa = /^must be an RSA key of at least 2048 bits\. Copy it from/;
const notSigning = /^must be whsec_ followed by base64 of at least 16 bytes\. Copy it from/;

it.each<[string, Parameters<typeof secretProblem>[0], unknown, RegExp]>([
  ['nothing', 'secretKey', undefined, /^is missing\.$/],
  ['a number', 'secretKey', 7, /^is not a string\.$/],
  ['a publishable key', 'secretKey', 'pk_test_publishable', notKey],
  ['another form', 'secretKey', 'sk_bare', notKey],
  ['a blank', 'secretKey', 'sk_test_one two', notKey],
  ['two lines', 'secretKey', 'sk_test_one\nsk_test_two', notKey],
  ['no PEM', 'jwtKey', 'MIIBIjANBgkqhki', notPem],
  ['a malformed key', 'jwtKey', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', notRsa],
  ['a private key', 'jwtKey', privateKey.export({ type: 'pkcs8', format: 'pem' }), notPem],
  ['a PKCS #1 key', 'jwtKey', publicKey.export({ type: 'pkcs1', format: 'pem' }), notPem],
  ['a certificate', 'jwtKey', certificate, notPem],
  ['two public keys', 'jwtKey', `${pem}${pem}`, notPem],
  ['text that is not base64', 'jwtKey', pem.replace('MII', 'MI=I'), notPem],
  ['an elliptic key', 'jwtKey', elliptic, notRsa],
  ['an RSA-PSS key', 'jwtKey', pss, notRsa],
  ['a short key', 'jwtKey', short, notRsa],
  ['nothing', 'webhookSecret', '', notSigning],
  ['another text', 'webhookSecret', 'sk_test_x', notSigning],
  ['no bytes', 'webhookSecret', 'whsec_', notSigning],
  ['fifteen bytes', 'webhookSecret', signing(15), notSigning],
  ['base64 without padding', 'webhookSecret', signing(16).replace('==', ''), notSigning],
  ['base64url', 'webhookSecret', signing(24, 'base64url'), notSigning],
  ['a line break', 'webhookSecret', `${signing(24)}\n`, notSigning],
])('%s as %s is refused, with what to do and without the value', (_what, name, value, problem) => {
  expect(secretProblem(name, value)).toMatch(problem);
});

it.each<[Parameters<typeof secretProblem>[0], string]>([
  ['secretKey', 'sk_live_x'],
  ['jwtKey', pem],
  ['jwtKey', pem.replaceAll('\n', '\\n')],
  ['webhookSecret', signing(16)],
])('%s can be %j', (name, value) => {
  expect(secretProblem(name, value)).toBeUndefined();
});
