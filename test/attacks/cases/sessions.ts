import type { Attack } from '../attack';
import { signedInBy } from '../requests';

const refused = { status: 401, code: 'UNAUTHORIZED', message: 'Unauthorized' };

export const sessions: readonly Attack[] = [
  { what: 'a word', request: signedInBy(() => 'letmein'), ...refused },
];
