import { useState } from 'react';
import { Icon } from '../components/icon';
import { noPasswordManager } from '../components/no-password-manager';
import { useSettings } from '../data/settings';
import { useNow } from '../data/use-now';
import type { ListedKey } from '../types';
import { type KeyAction, KeyRow } from './key-row';

/** How many keys a page shows. Search and pages appear when there are this many. */
const pageSize = 20;

export interface KeyTableProps {
  readonly keys: readonly ListedKey[];
  readonly canManage: boolean;
  readonly onAction: (action: KeyAction, listed: ListedKey) => void;
}

/** The list as a table, with search and pages if it is long. */
export function KeyTable({ keys, canManage, onAction }: KeyTableProps) {
  const { strings } = useSettings();
  const now = useNow(15_000);
  const [query, setQuery] = useState('');
  const [page, setPage] = useState(0);
  const found = keys.filter((key) => matches(key, query));
  const lastPage = Math.max(0, Math.ceil(found.length / pageSize) - 1);
  const first = Math.min(page, lastPage) * pageSize;
  const shown = found.slice(first, first + pageSize);
  const search = (text: string) => {
    setQuery(text);
    setPage(0);
  };
  return (
    <>
      {keys.length >= pageSize && (
        <div className="sk-search">
          <Icon name="search" />
          <input
            type="search"
            className="sk-input"
            aria-label={strings.search}
            placeholder={strings.search}
            value={query}
            onChange={(event) => search(event.target.value)}
            {...noPasswordManager}
          />
        </div>
      )}
      <table className="sk-table" aria-label={strings.tableName}>
        <thead className="sk-head">
          <tr>
            <th scope="col">{strings.columnName}</th>
            <th scope="col">{strings.columnScopes}</th>
            <th scope="col">{strings.columnCreated}</th>
            <th scope="col">{strings.columnLastUsed}</th>
            <th scope="col">{strings.columnExpires}</th>
            <th scope="col">
              <span className="sk-hidden">{strings.columnMenu}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((key) => (
            <KeyRow key={key.id} listed={key} now={now} canManage={canManage} onAction={onAction} />
          ))}
        </tbody>
      </table>
      {found.length === 0 && (
        <div className="sk-no-match">
          <p>{strings.noMatch(query)}</p>
          <button type="button" className="sk-button sk-secondary" onClick={() => search('')}>
            {strings.clearSearch}
          </button>
        </div>
      )}
      {keys.length >= pageSize && found.length > 0 && (
        <nav className="sk-pages" aria-label={strings.tableName}>
          <p className="sk-muted" role="status">
            {strings.pageOf(first + 1, first + shown.length, found.length)}
          </p>
          <button
            type="button"
            className="sk-button sk-secondary"
            disabled={first === 0}
            onClick={() => setPage(first / pageSize - 1)}
          >
            {strings.previousPage}
          </button>
          <button
            type="button"
            className="sk-button sk-secondary"
            disabled={first + pageSize >= found.length}
            onClick={() => setPage(first / pageSize + 1)}
          >
            {strings.nextPage}
          </button>
        </nav>
      )}
    </>
  );
}

const matches = ({ name, hint, description, scopes }: ListedKey, query: string): boolean => {
  const text = [name, hint, description ?? '', ...scopes].join('\n').normalize('NFKD').toLowerCase();
  return text.includes(query.trim().normalize('NFKD').toLowerCase());
};
