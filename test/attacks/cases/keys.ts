import type { Attack } from '../attack';
import { holding } from '../requests';

const refused = { status: 401, code: 'UNAUTHORIZED', message: 'Invalid API key' };

export const keys: readonly Attack[] = [
  { what: 'a prefix alone', request: holding(() => 'sk_satori_'), ...refused },
];
