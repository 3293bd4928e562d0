import { defineStages } from './lib/stages/define';

// The stages of the service and their values: the only file that you edit. Each value is described in
// lib/stages/values.ts, and an editor shows the description. Values under example.com are samples. `npx cdk synth -c
// stage=NAME` checks all values and names each sample that is left.

const runbookUrl = 'https://git.example.com/satori-keys/blob/main/docs/operations.md';

export default defineStages({
  dev: {
    clerkIssuer: 'https://clerk.dev.example.com',
    authorizedParties: ['https://dev.example.com'],
    clerkInstance: 'development',
    corsOrigins: ['https://dev.example.com', 'http://localhost:5173'],
    keyPrefix: 'sk_satori_test',
    requestsPerMinute: 100,
    throttle: { rate: 50, burst: 100 },
    logRetention: 7,
    recoveryDays: 1,
    retainData: false,
    runbookUrl,
  },
  staging: {
    clerkIssuer: 'https://clerk.staging.example.com',
    authorizedParties: ['https://staging.example.com'],
    clerkInstance: 'either',
    corsOrigins: ['https://staging.example.com'],
    domain: { name: 'keys.staging.example.com', hostedZone: { id: 'Z0SAMPLE', name: 'example.com' } },
    keyPrefix: 'sk_satori_test',
    requestsPerMinute: 100,
    recoveryDays: 7,
    alarmRecipients: ['staging-alarms@example.com'],
    runbookUrl,
  },
  prod: {
    clerkIssuer: 'https://clerk.example.com',
    authorizedParties: ['https://app.example.com'],
    clerkInstance: 'production',
    corsOrigins: ['https://app.example.com'],
    domain: { name: 'keys.example.com', hostedZone: { id: 'Z0SAMPLE', name: 'example.com' } },
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 1000, burst: 2000 },
    logRetention: 365,
    gradualDeployment: true,
    alarmRecipients: ['alarms@example.com'],
    runbookUrl,
  },
});
