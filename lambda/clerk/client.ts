// Clerk's Backend API client. The bundle has it in a file of its own, which is loaded with the first call to Clerk.
// Only this file may import `@clerk/backend`, because any other import would load the client at every cold start.
export { createClerkClient } from '@clerk/backend';
export { isClerkAPIResponseError } from '@clerk/backend/errors';
