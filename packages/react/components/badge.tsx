import type { ReactNode } from 'react';
import type { KeyState } from '../text/state';

const tones: Readonly<Record<KeyState, string>> = {
  suspended: 'danger',
  expired: 'danger',
  disabled: 'neutral',
  expiresSoon: 'warning',
  inGrace: 'accent',
};

export interface BadgeProps {
  readonly state: KeyState;
  readonly title?: string;
  /** Opens a dialog. With it, the badge is a button. */
  readonly onSelect?: () => void;
  readonly children: ReactNode;
}

/** A state of a key in a color. */
export function Badge({ state, title, onSelect, children }: BadgeProps) {
  const className = `sk-badge sk-badge-${tones[state]}`;
  if (!onSelect) return <span className={className}>{children}</span>;
  return (
    <button type="button" className={className} title={title} aria-haspopup="dialog" onClick={onSelect}>
      {children}
    </button>
  );
}
