import { useRef, useState } from 'react';
import type { ListedKey } from '../api';
import { KeyList } from './key-list';
import { NewKey } from './new-key';
import { RevokeDialog } from './revoke-dialog';

/** A person's keys: which there are, a new one, an end to one. */
export function KeysPage({ onSignInAgain }: { onSignInAgain: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [revoking, setRevoking] = useState<ListedKey>();
  const [announcement, setAnnouncement] = useState('');
  const focusNext = useRef<HTMLElement>(null);
  const openRevocation = (key: ListedKey, button: HTMLElement) => {
    focusNext.current = button;
    setRevoking(key);
  };
  const closeRevocation = (revoked?: ListedKey) => {
    setRevoking(undefined);
    if (!revoked) return;
    // The button goes with its row.
    focusNext.current = heading.current;
    setAnnouncement(`"${revoked.name}" is revoked`);
  };
  return (
    <main>
      <div className="heading">
        <h1 ref={heading} tabIndex={-1}>
          API keys
        </h1>
        <NewKey onCreated={() => setAnnouncement('')} />
      </div>
      <p className="quiet">A program that holds one of these keys calls the API in your name.</p>
      <p className="announcement" role="status">
        {announcement}
      </p>
      <KeyList onRevoke={openRevocation} onSignInAgain={onSignInAgain} />
      {revoking && (
        <RevokeDialog
          key={revoking.id}
          listedKey={revoking}
          onClose={closeRevocation}
          focusAfterwards={() => focusNext.current?.focus()}
        />
      )}
    </main>
  );
}
