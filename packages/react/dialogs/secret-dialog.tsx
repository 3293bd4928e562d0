import { useEffect, useRef, useState } from 'react';
import { Checkbox } from '../components/checkbox';
import { CopyButton } from '../components/copy-button';
import { Dialog } from '../components/dialog';
import { Icon } from '../components/icon';
import { noPasswordManager } from '../components/no-password-manager';
import { useSettings } from '../data/settings';
import { hidesSecrets } from '../data/stored';
import { UseIt } from './use-it';

/** A secret that nobody can see again. */
export interface NewSecret {
  readonly keyName: string;
  readonly secret: string;
  /** What became of the secret before; undefined for a new key. */
  readonly oldSecret?: string | undefined;
}

export interface SecretDialogProps {
  readonly shown: NewSecret;
  readonly onClose: () => void;
}

/**
 * Shows a secret once. Closes only after the user copies it or confirms that it is saved. The secret is in a text area,
 * which wraps it: on a phone and on paper, a text field would cut it off.
 */
export function SecretDialog({ shown: { keyName, secret, oldSecret }, onClose }: SecretDialogProps) {
  const { strings } = useSettings();
  const [isHidden, setHidden] = useState(() => hidesSecrets.read() ?? false);
  const [copied, setCopied] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  /** Why the last attempt to copy or close did nothing. */
  const [refused, setRefused] = useState<'copy' | 'close'>();
  const field = useRef<HTMLTextAreaElement>(null);
  const saved = copied || confirmed;
  useEffect(() => {
    if (saved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [saved]);
  const copyFailed = () => {
    setRefused('copy');
    field.current?.select();
  };
  return (
    <Dialog
      size="large"
      title={strings.secretTitle}
      description={(oldSecret ? strings.secretTextRotated : strings.secretText)(keyName)}
      dismissible={saved}
      onClose={onClose}
      onRefuse={() => setRefused('close')}
    >
      {oldSecret && <p className="sk-note">{oldSecret}</p>}
      <div className="sk-secret">
        <textarea
          ref={field}
          className="sk-input sk-code-input"
          aria-label={strings.secret}
          readOnly
          dir="ltr"
          rows={2}
          value={isHidden ? masked(secret) : secret}
          onFocus={(event) => event.target.select()}
          spellCheck={false}
          {...noPasswordManager}
        />
        <button
          type="button"
          className="sk-icon-button"
          aria-label={isHidden ? strings.show : strings.hide}
          title={isHidden ? strings.show : strings.hide}
          onClick={() => setHidden(!isHidden)}
        >
          <Icon name={isHidden ? 'eye' : 'eyeOff'} />
        </button>
      </div>
      <div className="sk-secret-actions">
        <CopyButton
          primary={!saved}
          focus
          label={strings.copySecret}
          text={secret}
          onCopied={() => {
            setCopied(true);
            setRefused(undefined);
          }}
          onFailed={copyFailed}
        />
        <Checkbox label={strings.saved} checked={confirmed} onChange={setConfirmed} />
      </div>
      <p className="sk-refused" role="alert">
        {refused === 'copy' && strings.copyFailed}
        {refused === 'close' && !saved && strings.whyOpen}
      </p>
      <p className="sk-hint">{strings.secretKept}</p>
      <UseIt secret={secret} shown={isHidden ? masked(secret) : secret} saved={saved} />
      <footer className="sk-buttons sk-sticky">
        <button
          type="button"
          className={`sk-button ${saved ? 'sk-primary' : 'sk-secondary'}`}
          aria-disabled={!saved}
          onClick={() => (saved ? onClose() : setRefused('close'))}
        >
          {strings.done}
        </button>
      </footer>
    </Dialog>
  );
}

/** The prefix, which says what it is, and dots. */
const masked = (secret: string) => secret.replace(/[^_]*_?[^_]*$/, (text) => '•'.repeat(Math.min(text.length, 40)));
