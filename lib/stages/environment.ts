import type { Stage } from './schema';

/** The stage's account and Region, where they are set. */
export const environmentOf = ({ account, region }: Pick<Stage, 'account' | 'region'>) => ({
  ...(account && { account }),
  ...(region && { region }),
});
