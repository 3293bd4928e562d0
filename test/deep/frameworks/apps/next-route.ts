import type { NextRequest } from 'next/server';
import { withApiKey } from '../../../../packages/verify/next';
import { handle, keys, scopes } from './handled';

/** The route handler of next-app. Next.js would write a tsconfig.json into an app that has TypeScript itself. */
export const GET = withApiKey<NextRequest, { id: string }>(keys, { scopes }, async (_request, { params, apiKey }) => {
  const { id } = await params;
  return Response.json({ ...handle('next', apiKey), document: id });
});
