import { defineConfig } from 'vite';

/** The URL of the API that `npm start` serves. The dev server forwards API requests to it. */
const api = process.env.VITE_API_URL ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  // Read settings from environment variables only, not from .env files.
  envDir: false,
  build: {
    // Do not inline files as data: URLs, because the Content-Security-Policy does not allow them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Pages of other origins cannot read responses. Vite itself refuses other host names than localhost.
  server: { port: 5173, strictPort: true, cors: false, proxy: { '/trpc': api, '/dev': api, '/health': api } },
});
