import { Badge } from '../components/badge';
import { useSettings } from '../data/settings';
import { stateTexts } from '../text/state-texts';
import type { ListedKey } from '../types';

export interface BadgesProps {
  readonly listed: ListedKey;
  /** In ms since the epoch. */
  readonly now: number;
  /** Shows what the states mean. A pointer that hovers sees it as a tooltip. */
  readonly onSelect: () => void;
}

/** The states of a key, as buttons that explain them. */
export function Badges({ listed, now, onSelect }: BadgesProps) {
  const { strings, locale } = useSettings();
  return stateTexts(listed, now, strings, locale).map(({ state, label, explanation }) => (
    <Badge key={state} state={state} title={explanation} onSelect={onSelect}>
      {label}
    </Badge>
  ));
}
