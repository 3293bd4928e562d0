// Clerk's Backend API client in a file of the bundle that is loaded when Clerk is first called. Nothing else may import
// `@clerk/backend` itself: the client would be loaded with it at every start.
export { createClerkClient } from '@clerk/backend';
export { isClerkAPIResponseError } from '@clerk/backend/errors';
