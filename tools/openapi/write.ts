import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openapiDocument } from './document';

// The function serves this file, so it needs neither the full zod nor time to build the document.
const file = join(__dirname, '..', '..', 'lambda', 'http', 'openapi.json');
// The pattern of `name` has invisible characters. Escaped, a reviewer sees them.
const escaped = JSON.stringify(openapiDocument(), null, 2).replace(
  /[\u{10000}-\u{10FFFF}]/gu,
  (character) => `\\u${character.charCodeAt(0).toString(16)}\\u${character.charCodeAt(1).toString(16)}`,
);
writeFileSync(file, `${escaped}\n`);
console.log(`Written: ${file}`);
