import { ToldError, type Words } from '../errors/words.ts';

/**
 * Why a database cannot be brought up to date:
 * - `SCHEMA_NEWER`: it has a migration that this program does not know.
 * - `FILE_CHANGED`: a file was edited after it ran.
 * - `FILES_INVALID`: the files themselves break a rule of this folder.
 * - `ENCODING`: it is empty and cannot hold every name, so it is made anew before anything stands in it.
 * - `SERVER_OLD`: its server is older than this program takes.
 * - `LOCKED`: something else holds what a migration needs, or another process migrates, and neither ended in time.
 */
export type MigrationProblem = 'SCHEMA_NEWER' | 'FILE_CHANGED' | 'FILES_INVALID' | 'ENCODING' | 'SERVER_OLD' | 'LOCKED';

/** Nothing of the migration it names stands in the database, those before it do. */
export class MigrationError extends ToldError {
  override readonly name = 'MigrationError';
  readonly reason: MigrationProblem;
  constructor(reason: MigrationProblem, words: Words, options?: { readonly cause?: unknown }) {
    super(words, options);
    this.reason = reason;
  }
}
