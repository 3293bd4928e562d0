import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openapiDocument } from './document';

// The function serves this file, so it needs neither the full zod nor time to build the document.
const file = join(__dirname, '..', '..', 'lambda', 'http', 'openapi.json');
writeFileSync(file, `${JSON.stringify(openapiDocument(), null, 2)}\n`);
console.log(`Written: ${file}`);
