import { join } from 'node:path';

// The adapters are outside of the app.
const root = join(import.meta.dirname, '..', '..', '..', '..');

export default { turbopack: { root }, serverExternalPackages: ['@aws-sdk/client-dynamodb'] };
