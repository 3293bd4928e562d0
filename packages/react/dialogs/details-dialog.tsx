import type { ReactNode } from 'react';
import { Badge } from '../components/badge';
import { Dialog } from '../components/dialog';
import { Scopes } from '../components/scopes';
import { useSettings } from '../data/settings';
import { useNow } from '../data/use-now';
import { stateTexts } from '../text/state-texts';
import { exactTime } from '../text/time';
import type { ListedKey } from '../types';

export interface DetailsDialogProps {
  readonly listed: ListedKey;
  readonly onClose: () => void;
}

/** Explains the states of a key and shows its exact times: what the list shows as tooltips, which touch does not reach. */
export function DetailsDialog({ listed, onClose }: DetailsDialogProps) {
  const { strings, locale } = useSettings();
  const now = useNow(15_000);
  const { id, name, hint, description, scopes, createdAt, lastUsedAt, expiresAt } = listed;
  const states = stateTexts(listed, now, strings, locale);
  const time = (iso: string | null, none: string) =>
    iso === null ? (
      <span className="sk-muted">{none}</span>
    ) : (
      <time dateTime={iso}>
        <bdi>{exactTime(iso, locale)}</bdi>
      </time>
    );
  return (
    <Dialog title={strings.detailsTitle(name)} onClose={onClose}>
      {states.length > 0 && (
        <ul className="sk-states">
          {states.map(({ state, label, explanation }) => (
            <li key={state} className="sk-state">
              <Badge state={state}>{label}</Badge>
              <span>{explanation}</span>
            </li>
          ))}
        </ul>
      )}
      <dl className="sk-facts">
        <Fact label={strings.key}>
          <code className="sk-fact-code" dir="ltr">
            {hint}
          </code>
        </Fact>
        <Fact label={strings.keyId}>
          <code className="sk-fact-code" dir="ltr">
            {id}
          </code>
        </Fact>
        {description && (
          <Fact label={strings.description}>
            <bdi className="sk-fact-text">{description}</bdi>
          </Fact>
        )}
        <Fact label={strings.columnScopes}>
          <Scopes scopes={scopes} />
        </Fact>
        <Fact label={strings.columnCreated}>{time(createdAt, '')}</Fact>
        <Fact label={strings.columnLastUsed}>{time(lastUsedAt, strings.neverUsed)}</Fact>
        <Fact label={strings.columnExpires}>{time(expiresAt, strings.neverExpires)}</Fact>
      </dl>
    </Dialog>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="sk-fact">
      <dt className="sk-fact-name">{label}</dt>
      <dd className="sk-fact-value">{children}</dd>
    </div>
  );
}
