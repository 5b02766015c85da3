/** Errors as they cross from thread to thread: a clone keeps neither class nor kind. */
import type { SentReason } from '../errors/catalogue.ts';
import type { RefusalFacts } from '../errors/refuse.ts';
import { CallRefused } from '../exchange/refused.ts';
import { StorageError, type StorageErrorKind } from '../storage/errors.ts';

export type ToldError =
  | { readonly refused: { readonly reason: SentReason; readonly facts: RefusalFacts } }
  | { readonly storage: { readonly kind: StorageErrorKind; readonly code: string } }
  /** What nobody foresaw. */
  | { readonly fault: unknown };

export function told(error: unknown): ToldError {
  if (error instanceof CallRefused) return { refused: { reason: error.reason, facts: error.facts } };
  if (error instanceof StorageError) return { storage: { kind: error.kind, code: error.code } };
  return { fault: plain(error) };
}

/** Class by name, message and stack: what hangs on an error besides may be what no clone can be made of. */
function plain(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack } = error;
  return Object.assign(new Error(message), { name, stack });
}

export function errorOf(told: ToldError): unknown {
  if ('refused' in told) return new CallRefused(told.refused.reason, told.refused.facts);
  if ('storage' in told) return new StorageError(told.storage.kind, told.storage.code, {}, undefined);
  return told.fault;
}

/** What work in a thread that has died fails of: whoever tries again finds another. */
export function threadEnded(): StorageError {
  return new StorageError('unavailable', 'THREAD_ENDED', {}, undefined);
}
