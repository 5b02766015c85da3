import { KitError } from './kit-error.ts';

/** What the system says where a disk or a quota has no room. */
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** The error of a write to `file`: DISK_FULL where there was no room for it, else as it was. */
export function explainWrite(error: unknown, file: string): unknown {
  return NO_ROOM.has(Object(error).code) ? new KitError('DISK_FULL', { file }, { cause: error }) : error;
}
