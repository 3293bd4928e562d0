import { useSettings } from '../data/settings';

const rows = ['a', 'b', 'c'];

/** Stands where the list will be. */
export function Skeleton() {
  const { strings } = useSettings();
  return (
    <div className="sk-skeletons">
      <p className="sk-hidden" role="status">
        {strings.loading}
      </p>
      {rows.map((row) => (
        <div key={row} className="sk-skeleton-row" aria-hidden="true">
          <span className="sk-skeleton sk-skeleton-name" />
          <span className="sk-skeleton" />
          <span className="sk-skeleton" />
        </div>
      ))}
    </div>
  );
}
