import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTRPC } from '../api';
import { CreateDialog } from './create-dialog';
import { SecretDialog } from './secret-dialog';

/** The button, and while it is asked for, what makes a key: once that is gone, so is the secret. */
export function NewKey({ onCreated }: { onCreated: () => void }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button ref={button} type="button" className="primary" onClick={() => setOpen(true)}>
        Create key
      </button>
      {open && (
        <KeyInTheMaking
          onCreated={onCreated}
          onClose={() => setOpen(false)}
          focusAfterwards={() => button.current?.focus()}
        />
      )}
    </>
  );
}

interface KeyInTheMakingProps {
  readonly onCreated: () => void;
  readonly onClose: () => void;
  readonly focusAfterwards: () => void;
}

/** From the name to the secret, which lives in this mutation's answer and nowhere else. */
function KeyInTheMaking({ onCreated, onClose, focusAfterwards }: KeyInTheMakingProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.keys.create.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ secret: _, ...created }) => {
        onCreated();
        // The list may be a moment late, so the answer itself goes into it, and no older answer comes after.
        await queryClient.cancelQueries(trpc.keys.list.queryFilter());
        queryClient.setQueryData(trpc.keys.list.queryKey(), (keys) => [
          { ...created, lastUsedAt: null, revokedAt: null },
          ...(keys ?? []).filter(({ id }) => id !== created.id),
        ]);
      },
      // A lost answer may have been about a key that was made, and a taken name is one that the list may lack.
      onError: () => queryClient.invalidateQueries(trpc.keys.list.queryFilter()),
    }),
  );
  const ask = (input: { name: string }) => {
    // A second click comes before the button is shown disabled; the memory of mutations knows already.
    if (queryClient.isMutating({ mutationKey: trpc.keys.create.mutationKey() }) === 0) create.mutate(input);
  };
  const close = () => {
    create.reset();
    onClose();
  };
  return create.data ? (
    <SecretDialog created={create.data} onClose={close} focusAfterwards={focusAfterwards} />
  ) : (
    <CreateDialog creation={create} onAsk={ask} onClose={close} focusAfterwards={focusAfterwards} />
  );
}
