import type { Attack } from '../attack';
import { creating } from '../requests';

const notJson = { status: 400, code: 'BAD_REQUEST', message: 'Invalid input: not JSON' };

export const bodies: readonly Attack[] = [
  { what: 'JSON that is cut off', request: creating('{"name":"Cut'), ...notJson },
  { what: 'a trailing comma', request: creating('{"name":"Comma",}'), ...notJson },
];
