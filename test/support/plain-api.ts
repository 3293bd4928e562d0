/** The API for a caller of plain JSON. */
export function plainApi(base: string, headers: Record<string, string>) {
  const call = async (method: string, procedure: string, body?: object) => {
    const response = await fetch(`${base}/trpc/${procedure}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };
  return {
    create: (name: string) => call('POST', 'keys.create', { name }),
    list: () => call('GET', 'keys.list'),
    revoke: (id: string) => call('POST', 'keys.revoke', { id }),
    whoami: () => call('GET', 'keys.whoami'),
  };
}
