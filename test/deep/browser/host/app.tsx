import '../../../../packages/react/styles.css';
import { useState, version } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiKeys, type ApiKeysClient, type ListedKey } from '../../../../packages/react';

// An app of somebody else, with its own styles and a client of its own. The parameter `keys` is the number of keys.

const count = Number(new URLSearchParams(location.search).get('keys') ?? 3);
const createdAt = '2026-01-01T00:00:00.000Z';
const key = (number: number): ListedKey => ({
  id: `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`,
  name: `Key ${number}`,
  lastUsedAt: number % 2 ? createdAt : null,
  createdAt,
  hint: 'sk_satori_67Zw…kRb2',
  description: null,
  scopes: ['docs:read'],
  expiresAt: null,
  enabled: number !== 2,
});
const keys = Array.from({ length: count }, (_, index) => key(index + 1));
const client: ApiKeysClient = {
  keys: {
    list: { query: async (input) => (input?.after ? [] : keys) },
    usage: { query: async () => [] },
    create: {
      mutate: async ({ name }) => {
        const { id } = key(9);
        const secret = `sk_satori_${'x'.repeat(61)}`;
        return { id, clerkUserId: 'user_1', clerkKeyId: 'ak_9', name, createdAt, secret };
      },
    },
    update: { mutate: async ({ id }) => ({ ...key(1), id }) },
    rotate: { mutate: async () => Promise.reject(new Error('not in this app')) },
    revoke: { mutate: async () => ({ success: true }) },
  },
};

function App() {
  const [signedIn, setSignedIn] = useState(true);
  if (!signedIn) return <p>Signed out</p>;
  return (
    <ApiKeys
      client={client}
      apiUrl="https://keys.example.com"
      scopes={{ 'docs:read': 'Read documents' }}
      maxLifetimeDays={60}
      onSignIn={() => setSignedIn(false)}
      locale="de"
      strings={{ title: 'API-Schlüssel', create: 'Schlüssel erstellen' }}
    />
  );
}

createRoot(document.getElementById('app') as HTMLElement).render(<App />);
// The session ends: React's tree is removed.
Object.assign(window, { reactVersion: version, endSession: () => document.getElementById('app')?.remove() });
