import { TRPCError } from '@trpc/server';
import { $ZodError } from 'zod/v4/core';
import {
  DependencyUnavailable,
  ImpersonationRefused,
  InsufficientScope,
  InvalidInput,
  KeyConflict,
  KeyLimitReached,
  KeyNotFound,
  KeyOfAnotherOwner,
  KeyRefused,
  KeysError,
  LeakReportRefused,
  Limited,
  NameTaken,
  OwnerSuspended,
  RequestRefused,
  RoleMissing,
  SessionRefused,
  WebhookRefused,
} from '../shared/errors';
import { maxBatchSize } from './batch-size';
import { keyRefusals } from './key-refusals';

/** The error codes of the API and their HTTP status. Callers never see tRPC's other codes. */
export const httpStatus = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_SUPPORTED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;

export type PublicCode = keyof typeof httpStatus;

export interface PublicError {
  readonly code: PublicCode;
  readonly message: string;
}

const internal: PublicError = { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' };

/** The code and message that the caller sees. tRPC wraps an error of a procedure in a TRPCError, as its `cause`. */
export function publicErrorOf(error: unknown): PublicError {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (cause instanceof KeysError) return ofKeysError(cause);
  return error instanceof TRPCError ? ofTrpcError(error) : internal;
}

const conflictMessages: Readonly<Record<KeyConflict['problem'], string>> = {
  revoked: 'The API key is revoked',
  expired: 'The API key has expired',
  rotated: 'The API key was rotated at the same moment, list it and try again',
};

/** An error without an entry here is an internal error. */
function ofKeysError(error: KeysError): PublicError {
  if (error instanceof RequestRefused) return { code: error.code, message: error.text };
  if (error instanceof InvalidInput) return { code: 'BAD_REQUEST', message: error.text };
  if (error instanceof SessionRefused) return { code: 'UNAUTHORIZED', message: 'Unauthorized' };
  if (error instanceof ImpersonationRefused) {
    return { code: 'FORBIDDEN', message: 'An impersonated session may not do this' };
  }
  if (error instanceof RoleMissing) {
    return { code: 'FORBIDDEN', message: 'Your role in the organization does not allow this' };
  }
  if (error instanceof OwnerSuspended) return { code: 'FORBIDDEN', message: 'This user is banned' };
  if (error instanceof KeyConflict) return { code: 'CONFLICT', message: conflictMessages[error.problem] };
  if (error instanceof NameTaken) {
    return { code: 'CONFLICT', message: `An API key named "${error.keyName}" already exists` };
  }
  if (error instanceof KeyLimitReached) {
    return { code: 'CONFLICT', message: `You have reached the limit of ${error.maxKeys} API keys` };
  }
  if (error instanceof KeyRefused) return keyRefusals.invalid;
  if (error instanceof InsufficientScope) return keyRefusals.insufficientScope;
  if (error instanceof KeyNotFound) return { code: 'NOT_FOUND', message: 'API key not found' };
  if (error instanceof KeyOfAnotherOwner) {
    return { code: 'UNAUTHORIZED', message: 'Unauthorized - API key does not belong to you' };
  }
  if (error instanceof WebhookRefused) return { code: 'BAD_REQUEST', message: 'Invalid webhook' };
  if (error instanceof LeakReportRefused) return { code: 'BAD_REQUEST', message: 'Invalid report' };
  if (error instanceof Limited) return keyRefusals.limited;
  if (error instanceof DependencyUnavailable) return keyRefusals.unavailable;
  return internal;
}

/** For errors of tRPC itself. Their messages are never sent, because they quote paths, inputs and exceptions. */
function ofTrpcError({ code, cause }: TRPCError): PublicError {
  switch (code) {
    case 'NOT_FOUND':
      return { code, message: 'No such procedure' };
    case 'METHOD_NOT_SUPPORTED':
      return { code, message: 'Method not supported: POST for a mutation, GET for a query' };
    case 'UNSUPPORTED_MEDIA_TYPE':
      return { code, message: 'Send the body as application/json' };
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
      return { code: 'BAD_REQUEST', message: badRequestMessage(cause) };
    default:
      return internal;
  }
}

function badRequestMessage(cause: unknown): string {
  // The messages come from this service's schemas. They name the field and never contain its value.
  if (cause instanceof $ZodError) return `Invalid input: ${cause.issues[0]?.message ?? 'does not match the schema'}`;
  if (cause instanceof SyntaxError) return 'Invalid input: not valid JSON';
  return `Invalid request: one procedure, or a batch of at most ${maxBatchSize} calls of one kind`;
}
