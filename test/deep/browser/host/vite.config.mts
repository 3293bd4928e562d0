import { defineConfig } from 'vite';

const { REACT_FOLDER, ONLY_COMPONENT } = process.env;

/** Builds the host, or only the component to see its size. */
export default defineConfig({
  root: import.meta.dirname,
  envDir: false,
  base: './',
  resolve: { alias: REACT_FOLDER ? { react: `${REACT_FOLDER}/react`, 'react-dom': `${REACT_FOLDER}/react-dom` } : {} },
  build: {
    modulePreload: { polyfill: false },
    target: 'es2023',
    ...(ONLY_COMPONENT && {
      lib: { entry: '../../../../packages/react/index.ts', formats: ['es'], fileName: 'component' },
      rollupOptions: { external: [/^react(-dom)?($|\/)/] },
      minify: 'esbuild',
    }),
  },
});
