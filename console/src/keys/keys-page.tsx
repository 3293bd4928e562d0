import { useRef, useState } from 'react';
import type { ListedKey } from '../api';
import { CreateKey } from './create-key';
import { KeyList } from './key-list';
import { RevokeDialog } from './revoke-dialog';

/** The page where a user lists, creates and revokes API keys. */
export function KeysPage({ userId }: { userId: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [keyToRevoke, setKeyToRevoke] = useState<ListedKey>();
  const [announcement, setAnnouncement] = useState('');
  const focusTarget = useRef<HTMLElement>(null);
  const openRevokeDialog = (key: ListedKey, button: HTMLElement) => {
    focusTarget.current = button;
    setKeyToRevoke(key);
  };
  const closeRevokeDialog = (revoked?: ListedKey) => {
    setKeyToRevoke(undefined);
    if (!revoked) return;
    // The Revoke button disappears with its row, so the heading receives the focus.
    focusTarget.current = heading.current;
    setAnnouncement(`"${revoked.name}" has been revoked.`);
  };
  return (
    <main>
      <div className="heading">
        <h1 ref={heading} tabIndex={-1}>
          API keys
        </h1>
        <CreateKey userId={userId} onCreated={() => setAnnouncement('')} />
      </div>
      <p className="muted">Programs use these keys to call the API on your behalf.</p>
      <p className="announcement" role="status">
        {announcement}
      </p>
      <KeyList onRevoke={openRevokeDialog} />
      {keyToRevoke && (
        <RevokeDialog
          key={keyToRevoke.id}
          listedKey={keyToRevoke}
          onClose={closeRevokeDialog}
          restoreFocus={() => focusTarget.current?.focus()}
        />
      )}
    </main>
  );
}
