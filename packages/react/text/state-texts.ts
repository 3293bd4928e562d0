import type { ListedKey } from '../types';
import { type KeyState, statesOf } from './state';
import type { Strings } from './strings';
import { exactTime, type Locale, relativeTime } from './time';

/** A state of a key in words. */
export interface StateText {
  readonly state: KeyState;
  /** Two or three words, for a badge. */
  readonly label: string;
  /** One sentence. */
  readonly explanation: string;
}

/** The states of a key that deserve a badge, the most important one first. @param now in ms since the epoch. */
export function stateTexts(listed: ListedKey, now: number, strings: Strings, locale: Locale): StateText[] {
  const { expiresAt, previousSecret } = listed;
  const expiry = () => exactTime(expiresAt ?? '', locale);
  const textsOf = (state: KeyState): readonly [label: string, explanation: string] => {
    switch (state) {
      case 'suspended':
        return [strings.suspended, strings.suspendedHint];
      case 'expired':
        return [strings.expired, strings.expiredHint(expiry())];
      case 'disabled':
        return [strings.disabled, strings.disabledHint];
      case 'expiresSoon':
        return [strings.expiresSoon(relativeTime(expiresAt ?? '', now, locale)), strings.expiresSoonHint(expiry())];
      case 'inGrace': {
        const until = previousSecret?.expiresAt;
        return [
          strings.inGrace,
          until
            ? strings.inGraceUntil(exactTime(until, locale))
            : strings.inGraceHint(strings.period(previousSecret?.gracePeriodSeconds ?? 0)),
        ];
      }
    }
  };
  return statesOf(listed, now).map((state) => {
    const [label, explanation] = textsOf(state);
    return { state, label, explanation };
  });
}
