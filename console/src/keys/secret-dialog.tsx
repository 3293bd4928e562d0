import { useEffect, useState } from 'react';
import type { RouterOutputs } from '../../../lambda/http/client';
import { CopyButton } from '../components/copy-button';
import { Modal } from '../components/modal';
import { noPasswordManager } from '../components/no-password-manager';
import { TryIt } from './try-it';

/** A new key, with its secret. */
export type CreatedKey = RouterOutputs['keys']['create'];

export interface SecretDialogProps {
  readonly created: CreatedKey;
  readonly onClose: () => void;
  /** Moves the focus after the dialog closes. The create dialog, which had the focus before, is gone. */
  readonly restoreFocus: () => void;
}

/**
 * Shows the secret of a new key once. Closes only after the user copies it or confirms that it is saved.
 * The secret is in a text area, which wraps it: on a phone and on paper, a text field would cut it off.
 */
export function SecretDialog({ created, onClose, restoreFocus }: SecretDialogProps) {
  const [copied, setCopied] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  const saved = copied || confirmed;
  useEffect(() => {
    if (saved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [saved]);
  return (
    <Modal
      title="Save your key"
      description={
        <>
          Copy the secret for <strong dir="auto">{created.name}</strong> now.{' '}
          <strong className="warning">You will not be able to see it again.</strong>
        </>
      }
      dismissible={saved}
      wide
      onClose={onClose}
      restoreFocus={restoreFocus}
    >
      <div className="secret">
        <label>
          Secret
          <textarea
            readOnly
            value={created.secret}
            onFocus={(event) => event.target.select()}
            spellCheck={false}
            {...noPasswordManager}
          />
        </label>
        <CopyButton label="Copy" text={created.secret} onCopied={() => setCopied(true)} />
      </div>
      <p className="hint">
        The service stores only a one-way hash of the secret, so nobody can show it again. This page keeps the secret in
        memory until you close this dialog. If you copy it, it stays on the clipboard until you copy something else.
      </p>
      <TryIt secret={created.secret} />
      <div className="buttons">
        <label className="checkbox">
          <input
            type="checkbox"
            checked={confirmed}
            onChange={(event) => setConfirmed(event.target.checked)}
            {...noPasswordManager}
          />
          I have saved the secret
        </label>
        <button type="button" className="primary" disabled={!saved} onClick={onClose}>
          Done
        </button>
      </div>
    </Modal>
  );
}
