import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTRPC } from '../api';
import { CreateDialog } from './create-dialog';
import { SecretDialog } from './secret-dialog';

/** The "Create key" button and the dialogs that it opens. Closing the dialogs discards the secret. */
export function CreateKey({ onCreated }: { onCreated: () => void }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button ref={button} type="button" className="primary" onClick={() => setOpen(true)}>
        Create key
      </button>
      {open && (
        <CreateKeyFlow
          onCreated={onCreated}
          onClose={() => setOpen(false)}
          restoreFocus={() => button.current?.focus()}
        />
      )}
    </>
  );
}

interface CreateKeyFlowProps {
  readonly onCreated: () => void;
  readonly onClose: () => void;
  readonly restoreFocus: () => void;
}

/** Shows the create dialog, then the secret dialog. Only the mutation's result holds the secret. */
function CreateKeyFlow({ onCreated, onClose, restoreFocus }: CreateKeyFlowProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.keys.create.mutationOptions({
      gcTime: 0,
      onSuccess: onCreated,
      // After an error too: the key may exist although the response was lost.
      onSettled: () => queryClient.invalidateQueries(trpc.keys.list.queryFilter()),
    }),
  );
  const submit = (input: { name: string }) => {
    // A second click can arrive before React disables the button. Check the mutation cache, which updates immediately.
    if (queryClient.isMutating({ mutationKey: trpc.keys.create.mutationKey() }) === 0) create.mutate(input);
  };
  const close = () => {
    create.reset();
    onClose();
  };
  return create.data ? (
    <SecretDialog created={create.data} onClose={close} restoreFocus={restoreFocus} />
  ) : (
    <CreateDialog mutation={create} onSubmit={submit} onClose={close} restoreFocus={restoreFocus} />
  );
}
