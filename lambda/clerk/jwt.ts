// Clerk's token verifier, loaded with the first session token: a request with an API key has none, and importing this
// loads Node's `fetch` with all that belongs to it, the dearest single thing at a start.
export { decodeJwt, verifyJwt } from '@clerk/backend/jwt';
