import type { ProofError } from '../proof/errors.ts';

/**
 * The file is there, and what it holds is no head of this log, signed with a key known here. Never to be taken for no file: a rollback
 * could hide behind that. An operator looks.
 */
export class KeptHeadUnreadable extends Error {
  override readonly name = 'KeptHeadUnreadable';
  readonly file: string;
  /** What the proof's reader found, as "SHAPE at note". */
  readonly problem: string;

  constructor(file: string, cause: ProofError) {
    super(`the file of the kept head holds none that can be believed (${cause.message})`, { cause });
    this.file = file;
    this.problem = cause.message;
  }
}
