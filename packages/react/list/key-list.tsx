import { ProblemAlert } from '../components/problem-alert';
import type { useKeys } from '../data/keys';
import { useSettings } from '../data/settings';
import { useOnline } from '../data/use-now';
import { useProblem } from '../data/use-problem';
import type { ListedKey } from '../types';
import { EmptyList } from './empty-list';
import type { KeyAction } from './key-row';
import { KeyTable } from './key-table';
import { Skeleton } from './skeleton';

export interface KeyListProps {
  readonly list: ReturnType<typeof useKeys>;
  readonly canManage: boolean;
  readonly onAction: (action: KeyAction, listed: ListedKey) => void;
  readonly onSignIn: (() => void) | undefined;
}

/** The keys of an owner, or why they cannot be shown. */
export function KeyList({ list, canManage, onAction, onSignIn }: KeyListProps) {
  const { strings } = useSettings();
  const online = useOnline();
  const problem = useProblem(list.error);
  const { keys } = list;
  const showsOffline = !online && keys !== undefined;
  return (
    <div className="sk-list" aria-busy={list.isFetching}>
      {showsOffline && (
        <p className="sk-banner" role="status">
          {strings.offlineBanner}
        </p>
      )}
      {!showsOffline && (
        <ProblemAlert
          problem={problem}
          onSignIn={onSignIn}
          onRetry={list.isFetching ? undefined : () => list.refetch()}
        />
      )}
      {list.isPending && <Skeleton />}
      {keys?.length === 0 && <EmptyList />}
      {keys && keys.length > 0 && <KeyTable keys={keys} canManage={canManage} onAction={onAction} />}
    </div>
  );
}
