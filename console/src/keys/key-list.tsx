import { useQuery } from '@tanstack/react-query';
import { type ListedKey, useTRPC } from '../api';
import { ProblemAlert } from '../components/problem-alert';
import { TimeAgo } from '../components/time-ago';
import { useNow } from '../hooks/use-now';
import { useProblem } from '../hooks/use-problem';
import { rightsOf } from '../text/rights';

export interface KeyListProps {
  /** @param button the button that the user clicked. */
  readonly onRevoke: (key: ListedKey, button: HTMLElement) => void;
}

/** Lists the active keys, newest first. Reloads the list when the window receives focus. */
export function KeyList({ onRevoke }: KeyListProps) {
  const trpc = useTRPC();
  const list = useQuery(trpc.keys.list.queryOptions());
  const problem = useProblem(list.error);
  return (
    <section aria-busy={list.isFetching}>
      {list.isPending && <p role="status">Loading keys…</p>}
      {problem && (
        <div className="load-error">
          <ProblemAlert problem={problem} />
          <button
            type="button"
            className="secondary"
            disabled={problem.waiting || list.isFetching}
            onClick={() => list.refetch()}
          >
            Try again
          </button>
        </div>
      )}
      {list.data?.length === 0 && <EmptyList />}
      {list.data && list.data.length > 0 && <KeyTable keys={list.data} onRevoke={onRevoke} />}
    </section>
  );
}

function EmptyList() {
  return (
    <div className="empty">
      <p>No keys yet</p>
      <p className="muted">Create a key, then use it to call the API.</p>
    </div>
  );
}

/** @param text empty for nothing to show. */
function Rights({ text }: { readonly text: string }) {
  return text === '' ? null : (
    <div className="muted" dir="ltr">
      {text}
    </div>
  );
}

interface KeyTableProps extends KeyListProps {
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
              <Rights text={rightsOf(key, now)} />
            </th>
            <td data-label="Created">
              <TimeAgo iso={key.createdAt} now={now} />
            </td>
            <td data-label="Last used">{key.lastUsedAt ? <TimeAgo iso={key.lastUsedAt} now={now} /> : 'Never'}</td>
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
