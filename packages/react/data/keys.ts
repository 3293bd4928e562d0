import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { explained } from '../text/connection';
import type { CreateInput, ListedKey, Owner, UpdateInput } from '../types';
import { useSettings } from './settings';

/** The most keys that one call of `keys.list` returns. */
const pageSize = 100;

const listKey = (owner: Owner) => ['keys', owner];
type Pages = InfiniteData<ListedKey[]>;

/** Loads all keys of the owner, page by page, and again when the window receives focus. */
export function useKeys(owner: Owner) {
  const { client, apiUrl } = useSettings();
  const list = useInfiniteQuery({
    queryKey: listKey(owner),
    queryFn: ({ pageParam, signal }) => {
      const input = {
        limit: pageSize,
        ...(owner === 'organization' && { owner }),
        ...(pageParam && { after: pageParam }),
      };
      return explained<ListedKey[]>(client.keys.list.query(input, { signal }), apiUrl, signal);
    },
    initialPageParam: '',
    getNextPageParam: (last: ListedKey[]) => (last.length < pageSize ? undefined : last.at(-1)?.id),
  });
  const { hasNextPage, isFetching, isError, fetchNextPage, refetch } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  useEffect(() => {
    // TanStack Query notices only tabs that become visible. Windows side by side stay visible.
    const reload = () => void refetch({ cancelRefetch: false });
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [refetch]);
  return { ...list, keys: list.data?.pages.flat() };
}

const changeList = (queryClient: QueryClient, owner: Owner, change: (page: ListedKey[]) => ListedKey[]) =>
  queryClient.setQueryData<Pages>(listKey(owner), (data) => data && { ...data, pages: data.pages.map(change) });

/** Stops a list request that began before a change: its answer may be older than the change. */
const stopList = (queryClient: QueryClient, owner: Owner) => queryClient.cancelQueries({ queryKey: listKey(owner) });

/** Loads the uses of a key on each of the last 30 days. */
export function useUsage(id: string) {
  const { client, apiUrl } = useSettings();
  return useQuery({
    queryKey: ['usage', id],
    queryFn: ({ signal }) => explained(client.keys.usage.query({ id }, { signal }), apiUrl, signal),
  });
}

/** Creates a key. Forgets the secret as soon as nothing shows it. */
export function useCreateKey(owner: Owner) {
  const { client, apiUrl } = useSettings();
  const queryClient = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (input: CreateInput) =>
      explained(client.keys.create.mutate({ ...input, ...(owner === 'organization' && { owner }) }), apiUrl),
    // Also after an error: the key may exist although the response was lost.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: listKey(owner) }),
  });
}

/** Changes a key, here and in the list. */
export function useUpdateKey(owner: Owner) {
  const { client, apiUrl } = useSettings();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: UpdateInput) => explained(client.keys.update.mutate(input), apiUrl),
    onSuccess: async (changed) => {
      await stopList(queryClient, owner);
      changeList(queryClient, owner, (page) => page.map((key) => (key.id === changed.id ? changed : key)));
    },
  });
}

/** Gives a key a new secret. */
export function useRotateKey(owner: Owner) {
  const { client, apiUrl } = useSettings();
  const queryClient = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (input: { readonly id: string; readonly gracePeriodSeconds: number }) =>
      explained(client.keys.rotate.mutate(input), apiUrl),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: listKey(owner) }),
  });
}

/** Revokes a key. It stays in the list until the API responds: it may work until then. */
export function useRevokeKey(owner: Owner) {
  const { client, apiUrl } = useSettings();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => explained(client.keys.revoke.mutate({ id }), apiUrl),
    onSuccess: async (_result, id) => {
      await stopList(queryClient, owner);
      changeList(queryClient, owner, (page) => page.filter((key) => key.id !== id));
    },
  });
}
