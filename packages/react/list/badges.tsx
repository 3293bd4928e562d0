import { useSettings } from '../data/settings';
import { type KeyState, statesOf } from '../text/state';
import { exactTime, relativeTime } from '../text/time';
import type { ListedKey } from '../types';

const tones: Readonly<Record<KeyState, string>> = {
  suspended: 'danger',
  expired: 'danger',
  disabled: 'neutral',
  expiresSoon: 'warning',
  inGrace: 'accent',
};

/** The states of a key, in words. */
export function Badges({ listed, now }: { readonly listed: ListedKey; readonly now: number }) {
  const { strings, locale } = useSettings();
  const texts = (state: KeyState): readonly [text: string, hint?: string] => {
    const { expiresAt, previousSecret } = listed;
    switch (state) {
      case 'expiresSoon':
        return [
          strings.expiresSoon(relativeTime(expiresAt ?? '', now, locale) ?? strings.justNow),
          exactTime(expiresAt ?? '', locale),
        ];
      case 'inGrace':
        return [
          strings.inGrace,
          previousSecret?.expiresAt
            ? strings.inGraceUntil(exactTime(previousSecret.expiresAt, locale))
            : strings.inGraceHint(strings.hours(Math.round((previousSecret?.gracePeriodSeconds ?? 0) / 3600))),
        ];
      case 'expired':
        return [strings.expired, exactTime(expiresAt ?? '', locale)];
      case 'disabled':
        return [strings.disabled, strings.disabledHint];
      case 'suspended':
        return [strings.suspended, strings.suspendedHint];
    }
  };
  return statesOf(listed, now).map((state) => {
    const [text, hint] = texts(state);
    return (
      <span key={state} className={`sk-badge sk-badge-${tones[state]}`} title={hint}>
        {text}
      </span>
    );
  });
}
