import { defineConfig } from 'vite';

/** Where `npm start` serves the API; the dev server hands on to it what is not the page's. */
const api = process.env.VITE_API_URL ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  // Settings come from the environment alone, so that a build says in one place what it was made with.
  envDir: false,
  build: {
    // A file inlined as a data: URL would need a word in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, strictPort: true, proxy: { '/trpc': api, '/dev': api } },
});
