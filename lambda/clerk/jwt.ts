// Clerk's token verifier, loaded with the first session token. It also loads Node's `fetch`, which takes the largest
// part of a cold start. Requests with an API key do not need it.
export { decodeJwt, verifyJwt } from '@clerk/backend/jwt';
