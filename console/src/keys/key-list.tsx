import { useQuery } from '@tanstack/react-query';
import { type ListedKey, useTRPC } from '../api';
import { Moment } from '../parts/moment';
import { ProblemAlert } from '../parts/problem-alert';
import { useNow } from '../parts/use-now';
import { useProblem } from '../parts/use-problem';

export interface KeyListProps {
  /** @param button what was pressed. */
  readonly onRevoke: (key: ListedKey, button: HTMLElement) => void;
  readonly onSignInAgain: () => void;
}

/** The active keys, newest first, read again whenever the person comes back to the page. */
export function KeyList({ onRevoke, onSignInAgain }: KeyListProps) {
  const trpc = useTRPC();
  const list = useQuery(trpc.keys.list.queryOptions());
  const problem = useProblem(list.error);
  return (
    <section aria-busy={list.isFetching}>
      {list.isPending && <p role="status">Loading keys</p>}
      {problem && (
        <div className="failure">
          <ProblemAlert problem={problem} />
          <button
            type="button"
            className="secondary"
            disabled={problem.waiting || list.isFetching}
            onClick={() => list.refetch()}
          >
            Try again
          </button>
          {problem.status === 401 && (
            <button type="button" className="secondary" onClick={onSignInAgain}>
              Sign in again
            </button>
          )}
        </div>
      )}
      {list.data?.length === 0 && <Empty />}
      {list.data && list.data.length > 0 && <KeyTable keys={list.data} onRevoke={onRevoke} />}
    </section>
  );
}

function Empty() {
  return (
    <div className="empty">
      <p>No keys yet</p>
      <p className="quiet">Create one, and try it at once with the curl that comes with it.</p>
    </div>
  );
}

interface KeyTableProps extends Pick<KeyListProps, 'onRevoke'> {
  readonly keys: readonly ListedKey[];
}

function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const now = useNow(15_000);
  return (
    <table>
      <caption>Your API keys</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Created</th>
          <th scope="col">Last used</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row" dir="auto">
              {key.name}
            </th>
            <td data-label="Created">
              <Moment iso={key.createdAt} now={now} />
            </td>
            <td data-label="Last used">
              {key.lastUsedAt ? <Moment iso={key.lastUsedAt} now={now} /> : 'Never'}
            </td>
            <td className="actions">
              <button
                type="button"
                className="secondary danger"
                aria-label={`Revoke ${key.name}`}
                onClick={(event) => onRevoke(key, event.currentTarget)}
              >
                Revoke
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
