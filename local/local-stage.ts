import type { StageValues } from '../lib/stages/schema';

/** The values of the stage `local`, which `npm start` serves and nobody deploys. */
export const localStage: StageValues = {
  clerkIssuer: 'https://clerk.satori-keys.localhost',
  authorizedParties: ['http://localhost:3000'],
  clerkInstance: 'development',
  corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
  keyPrefix: 'sk_satori_test',
  maxKeysPerOwner: 1_000,
  keysPerOwnerPerHour: 1_000,
  requestsPerMinute: 100,
  scopes: { 'docs:read': 'Read documents', 'docs:write': 'Create and change documents' },
  githubSecretScanning: true,
  throttle: { rate: 1000, burst: 2000 },
  logRetention: 1,
  recoveryDays: 1,
  retainData: false,
  runbookUrl: 'http://localhost/docs/operations.md',
};
