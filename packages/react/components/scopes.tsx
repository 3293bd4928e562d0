import { useSettings } from '../data/settings';

/** The scopes of a key, or that it has none. */
export function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  const { strings } = useSettings();
  if (scopes.length === 0) return <span className="sk-muted">{strings.noScopes}</span>;
  return (
    <span className="sk-scopes">
      {scopes.map((scope) => (
        <code key={scope} className="sk-scope" dir="ltr">
          {scope}
        </code>
      ))}
    </span>
  );
}
