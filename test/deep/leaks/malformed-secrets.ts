import { generateKeyPairSync } from 'node:crypto';
import { userDeleted } from '../../../local/clerk/webhooks';
import { newUser } from '../../support/api-harness';
import type { Hunt } from './hunt';

/** What somebody may have put into Secrets Manager by mistake, made of what should be in there. */
function malformed({ api: { usable }, canaries }: Hunt): string[] {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  for (const line of privateKey.split('\n').slice(1, -2)) canaries.add('private key', line.padEnd(16));
  const { secretKey, webhookSecret } = usable;
  return [
    JSON.stringify(usable).slice(0, -1),
    `"${secretKey}`,
    secretKey,
    JSON.stringify(secretKey),
    JSON.stringify([secretKey, webhookSecret]),
    JSON.stringify({ ...usable, secretKey: secretKey.replace('sk_', 'pk_') }),
    JSON.stringify({ ...usable, [secretKey]: webhookSecret, secretKey: undefined }),
    JSON.stringify({ ...usable, jwtKey: secretKey }),
    JSON.stringify({ ...usable, jwtKey: usable.jwtKey.replace('MII', secretKey) }),
    JSON.stringify({ ...usable, jwtKey: privateKey }),
    JSON.stringify({ ...usable, webhookSecret: webhookSecret.slice('whsec_'.length) }),
    JSON.stringify({ ...usable, webhookSecret: `whsec_${secretKey}` }),
  ];
}

/** Asks for everything that needs the secret, with each malformed one; the statuses of each. */
export async function runMalformedSecrets(hunt: Hunt): Promise<number[][]> {
  const { api } = hunt;
  const statuses: number[][] = [];
  for (const SecretString of malformed(hunt)) {
    api.secretsManager.fail(
      /GetSecretValue/,
      { kind: 'answer', status: 200, body: { Name: 'clerk-secret', SecretString } },
      Number.POSITIVE_INFINITY,
    );
    const user = newUser();
    const token = api.sessions.sign(user, 60);
    const caller = hunt.caller(hunt.functions.start('api'));
    const answers = [
      await caller.create('Key', { token }),
      await caller.list(token),
      await caller.deliver(userDeleted(user)),
    ];
    statuses.push(answers.map(({ status }) => status));
    api.secretsManager.reset();
  }
  return statuses;
}
