import { useEffect, useState } from 'react';
import type { RouterOutputs } from '../../../lambda/http/client';
import { CopyButton } from '../parts/copy-button';
import { Modal } from '../parts/modal';
import { TryIt } from './try-it';

export interface SecretDialogProps {
  readonly created: RouterOutputs['keys']['create'];
  readonly onClose: () => void;
  /** Puts the focus back: what had it before this dialog was another dialog. */
  readonly focusAfterwards: () => void;
}

/** Shows the secret, this once, and stays until it is copied or said to be safe. */
export function SecretDialog({ created, onClose, focusAfterwards }: SecretDialogProps) {
  const [copied, setCopied] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  const saved = copied || confirmed;
  useEffect(() => {
    if (saved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [saved]);
  return (
    <Modal
      title="Save your key"
      description={
        <>
          This is the secret of <strong dir="auto">{created.name}</strong>.{' '}
          <strong className="warning">You will not see it again</strong>: it is stored nowhere.
        </>
      }
      dismissible={saved}
      wide
      onClose={onClose}
      focusAfterwards={focusAfterwards}
    >
      <div className="secret">
        <label>
          Secret
          <input
            readOnly
            value={created.secret}
            onFocus={(event) => event.target.select()}
            spellCheck={false}
          />
        </label>
        <CopyButton label="Copy" text={created.secret} onCopied={() => setCopied(true)} />
      </div>
      <TryIt secret={created.secret} />
      <div className="buttons">
        <label className="check">
          <input
            type="checkbox"
            checked={confirmed}
            onChange={(event) => setConfirmed(event.target.checked)}
          />
          I have saved it somewhere safe
        </label>
        <button type="button" className="primary" disabled={!saved} onClick={onClose}>
          Done
        </button>
      </div>
    </Modal>
  );
}
