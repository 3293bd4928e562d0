import { Menu, type MenuItem } from '../components/menu';
import { Scopes } from '../components/scopes';
import { Day, TimeAgo } from '../components/time';
import { useSettings } from '../data/settings';
import { canRotate } from '../text/state';
import type { ListedKey } from '../types';
import { Badges } from './badges';

/** What a menu can do with a key. */
export type KeyAction = 'details' | 'usage' | 'edit' | 'rotate' | 'toggle' | 'revoke';

export interface KeyRowProps {
  readonly listed: ListedKey;
  /** In ms since the epoch. */
  readonly now: number;
  readonly canManage: boolean;
  readonly onAction: (action: KeyAction, listed: ListedKey) => void;
}

export function KeyRow({ listed, now, canManage, onAction }: KeyRowProps) {
  const { strings } = useSettings();
  const { name, hint, description, scopes, createdAt, lastUsedAt, expiresAt, enabled } = listed;
  const item = (label: string, action: KeyAction): MenuItem => ({
    label,
    danger: action === 'revoke',
    onSelect: () => onAction(action, listed),
  });
  const items = [
    item(strings.menuDetails, 'details'),
    item(strings.menuUsage, 'usage'),
    ...(canManage
      ? [
          item(strings.menuEdit, 'edit'),
          ...(canRotate(listed, now) ? [item(strings.menuRotate, 'rotate')] : []),
          item(enabled ? strings.menuDisable : strings.menuEnable, 'toggle'),
          item(strings.menuRevoke, 'revoke'),
        ]
      : []),
  ];
  return (
    <tr className="sk-row">
      <th scope="row" className="sk-cell sk-name-cell">
        <div className="sk-name-line">
          <span className="sk-name" dir="auto">
            {name}
          </span>
          <Badges listed={listed} now={now} onSelect={() => onAction('details', listed)} />
        </div>
        <code className="sk-key-hint" dir="ltr">
          {hint}
        </code>
        {description && (
          <p className="sk-description">
            <bdi>{description}</bdi>
          </p>
        )}
      </th>
      <td className="sk-cell sk-scopes-cell" data-label={strings.columnScopes}>
        <Scopes scopes={scopes} />
      </td>
      <td className="sk-cell" data-label={strings.columnCreated}>
        <TimeAgo iso={createdAt} now={now} />
      </td>
      <td className="sk-cell" data-label={strings.columnLastUsed}>
        {lastUsedAt ? <TimeAgo iso={lastUsedAt} now={now} /> : <span className="sk-muted">{strings.neverUsed}</span>}
      </td>
      <td className="sk-cell" data-label={strings.columnExpires}>
        {expiresAt ? <Day iso={expiresAt} /> : <span className="sk-muted">{strings.neverExpires}</span>}
      </td>
      <td className="sk-cell sk-menu-cell">
        <Menu label={strings.menuOf(name)} items={items} />
      </td>
    </tr>
  );
}
