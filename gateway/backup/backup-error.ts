import { ToldError, type Words } from '../errors/words.ts';

/**
 * Why a backup was not made or not restored:
 * - `FOLDER`: the folder for it is not empty.
 * - `UNWRITABLE`: the folder for it takes nothing more, or nothing at all; `subject` is the system's code. Example: "ENOSPC".
 * - `UNSTAMPED`: the database to copy belongs to no deployment.
 * - `UNSIGNED`: no key of this log signed its manifest.
 * - `WRONG`: it is not whole, or of another deployment; `words` say which, without data.
 * - `FILLED`: the database is not empty; `subject` is the table.
 * - `RUNNING`: a gateway runs on the database.
 * - `UNSOUND`: the log that was restored is not a whole one; `subject` is the number of findings.
 */
export type BackupProblem =
  | 'FOLDER'
  | 'UNWRITABLE'
  | 'UNSTAMPED'
  | 'UNSIGNED'
  | 'WRONG'
  | 'FILLED'
  | 'RUNNING'
  | 'UNSOUND';

export class BackupError extends ToldError {
  override readonly name = 'BackupError';
  readonly reason: BackupProblem;
  readonly subject: string;
  constructor(reason: 'WRONG', words: Words, options?: { readonly cause?: unknown });
  constructor(reason: Exclude<BackupProblem, 'WRONG'>, subject: string, options?: { readonly cause?: unknown });
  constructor(reason: BackupProblem, said: string | Words, options?: { readonly cause?: unknown }) {
    const { en, vi } = typeof said === 'string' ? { en: said, vi: said } : said;
    super({ en: `${reason}: ${en}`, vi }, options);
    this.reason = reason;
    this.subject = en;
  }
}
