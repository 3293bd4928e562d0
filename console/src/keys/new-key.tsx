import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../api';
import { CreateDialog } from './create-dialog';
import { SecretDialog } from './secret-dialog';

/** From the button to the secret, which lives in this mutation's answer and nowhere else. */
export function NewKey({ onCreated }: { onCreated: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
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
    }),
  );
  const close = () => {
    setOpen(false);
    // Takes the secret out of memory.
    create.reset();
  };
  return (
    <>
      <button type="button" className="primary" onClick={() => setOpen(true)}>
        Create key
      </button>
      {open && !create.data && <CreateDialog create={create} onClose={close} />}
      {open && create.data && <SecretDialog created={create.data} onClose={close} />}
    </>
  );
}
