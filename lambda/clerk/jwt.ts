// Clerk's token verifier, loaded with the first session token. Requests with an API key do not need it.
export { decodeJwt, verifyJwt } from '@clerk/backend/jwt';
