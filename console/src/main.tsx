import '../../packages/react/styles.css';
import './styles.css';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { StandInSignIn } from './sign-in/stand-in';

// Without a publishable key, the build drops this import and contains no Clerk code.
const ClerkSignIn = import.meta.env.VITE_CLERK_PUBLISHABLE_KEY ? lazy(() => import('./sign-in/clerk')) : undefined;

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <Suspense fallback={<p role="status">Loading…</p>}>{ClerkSignIn ? <ClerkSignIn /> : <StandInSignIn />}</Suspense>
  </StrictMode>,
);
