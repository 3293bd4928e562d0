import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openapiDocument } from './document';

// The function serves this file, so that it need not work it out.
const file = join(__dirname, '..', '..', 'lambda', 'http', 'openapi.json');
writeFileSync(file, `${JSON.stringify(openapiDocument(), null, 2)}\n`);
console.log(`Written: ${file}`);
