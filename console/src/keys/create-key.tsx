import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTRPC } from '../api';
import { CreateDialog } from './create-dialog';
import { draft } from './draft';
import { showSecret } from './show-secret';

export interface CreateKeyProps {
  readonly userId: string;
  readonly onCreated: () => void;
}

/** The "Create key" button and its dialog. The dialog is open from the start if the user has a draft. */
export function CreateKey({ userId, onCreated }: CreateKeyProps) {
  const [initialName, setInitialName] = useState(() => draft.read(userId));
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button ref={button} type="button" className="primary" onClick={() => setInitialName('')}>
        Create key
      </button>
      {initialName !== undefined && (
        <CreateKeyFlow
          userId={userId}
          initialName={initialName}
          onCreated={onCreated}
          onClose={() => setInitialName(undefined)}
          restoreFocus={() => button.current?.focus()}
        />
      )}
    </>
  );
}

interface CreateKeyFlowProps extends CreateKeyProps {
  readonly initialName: string;
  readonly onClose: () => void;
  readonly restoreFocus: () => void;
}

/** Shows the create dialog, then the secret dialog. */
function CreateKeyFlow({ userId, initialName, onCreated, onClose, restoreFocus }: CreateKeyFlowProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const close = () => {
    draft.remove();
    onClose();
  };
  const create = useMutation(
    trpc.keys.create.mutationOptions({
      gcTime: 0,
      // Also called if the session ended during the call and this component is gone.
      onSuccess: (created) => {
        close();
        onCreated();
        showSecret(created, restoreFocus);
      },
      // After an error too: the key may exist although the response was lost.
      onSettled: () => queryClient.invalidateQueries(trpc.keys.list.queryFilter()),
    }),
  );
  const submit = (input: { name: string }) => {
    // A second click can arrive before React disables the button. Check the mutation cache, which updates immediately.
    if (queryClient.isMutating({ mutationKey: trpc.keys.create.mutationKey() }) === 0) create.mutate(input);
  };
  return (
    <CreateDialog
      initialName={initialName}
      mutation={create}
      onChange={(name) => draft.write(userId, name)}
      onSubmit={submit}
      onClose={close}
      restoreFocus={restoreFocus}
    />
  );
}
