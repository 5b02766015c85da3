/** The file of the people whom a stolen key was told of: for those who notify them, and readable by its owner only. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { ExposedPeople, ExposedPerson } from '../../accesses/exposed-people.ts';
import { formatPersonalId } from '../../matching/parse-id-number.ts';
import { CliProblem } from '../problem.ts';

const OWNER_ONLY = 0o600;
/** Read by name; columns are only ever added at the end. */
const COLUMNS = 'personal_id,first,last,uses,told,not_before';

export interface Listed {
  /** People who stand in the file. */
  readonly named: number;
  /** People who were unlinked from the log by now. */
  readonly unlinked: number;
}

export interface PeopleFile {
  /** Writes all of them; what stands there is on disk when it resolves. Throws CliProblem FILE_UNWRITABLE. */
  write(pieces: AsyncIterable<ExposedPeople>): Promise<Listed>;
  /** Takes the file away. */
  drop(): Promise<void>;
}

/** A new file, empty until it is written. Throws CliProblem FILE_THERE, FILE_UNWRITABLE. */
export async function claimPeopleFile(path: string): Promise<PeopleFile> {
  const file = await open(path, 'wx', OWNER_ONLY).catch((error: unknown) => {
    throw problemOf(error, path);
  });
  return {
    async write(pieces) {
      const listed = { named: 0, unlinked: 0 };
      await append(file, path, `${COLUMNS}\n`);
      for await (const { people, unlinked } of pieces) {
        listed.named += people.length;
        listed.unlinked += unlinked;
        if (people.length > 0) await append(file, path, `${people.map(lineOf).join('\n')}\n`);
      }
      await file
        .sync()
        .then(() => file.close())
        .catch((error: unknown) => {
          throw problemOf(error, path);
        });
      return listed;
    },
    async drop() {
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

async function append(file: FileHandle, path: string, text: string): Promise<void> {
  await file.appendFile(text).catch((error: unknown) => {
    throw problemOf(error, path);
  });
}

function lineOf({ personalId, first, last, uses, told, toldFrom }: ExposedPerson): string {
  const notBefore = toldFrom === 0 ? '' : moment(toldFrom);
  return [formatPersonalId(personalId), moment(first), moment(last), uses, told ? 'yes' : 'no', notBefore].join(',');
}

/** UTC, RFC 3339, as programs read it. */
const moment = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');

function problemOf(error: unknown, file: string): CliProblem {
  const { code = 'EIO' } = error as NodeJS.ErrnoException;
  return new CliProblem(code === 'EEXIST' ? 'FILE_THERE' : 'FILE_UNWRITABLE', { file, code }, { cause: error });
}
