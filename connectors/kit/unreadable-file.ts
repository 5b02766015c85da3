import { KitError } from './kit-error.ts';

const OF_RIGHTS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM']);

/** Whether the system keeps this user from what is there. */
export function isForbidden(error: unknown): boolean {
  return OF_RIGHTS.has(Object(error).code);
}

/** The error for a file that the system did not open or read: FILE_FORBIDDEN, FILE_IS_FOLDER, and FILE_MISSING for all else. */
export function unreadableFile(file: string, error: unknown): KitError {
  const reason = isForbidden(error)
    ? 'FILE_FORBIDDEN'
    : Object(error).code === 'EISDIR'
      ? 'FILE_IS_FOLDER'
      : 'FILE_MISSING';
  return new KitError(reason, { file }, { cause: error });
}
