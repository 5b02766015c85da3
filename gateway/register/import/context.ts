/** What both ways of importing share. */
import type { Connection, Pool } from '../../storage/pool.ts';
import type { DeploymentKind } from '../deployment.ts';
import type { KeyPort } from '../sensitive.ts';
import type { RejectsFile } from './rejects-file.ts';
import type { Source } from './source.ts';

export interface ImportProgress {
  /** Rows read so far. */
  readonly rows: number;
  /** Bytes of the file read so far. */
  readonly bytes: number;
  readonly phase: 'reading' | 'merging';
}

/** What else is kept by `person_no` and has to follow. */
export type OnMerged = (db: Connection, personNos: readonly number[]) => Promise<void>;

export interface ImportContext {
  readonly pool: Pool;
  readonly source: Source;
  readonly keys: KeyPort;
  readonly deployment: DeploymentKind;
  readonly rejects: RejectsFile;
  /** Where files of personal data may be made for the time of the import; undefined: where the system has such. */
  readonly scratch: string | undefined;
  readonly importNo: number;
  /** YYYYMMDD, Vietnamese time. */
  readonly today: number;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly onMerged: OnMerged;
}

export interface ImportCounts {
  /** Records of the file, without header and blank lines. */
  readonly rows: number;
  /** Persons that were not there before. */
  readonly created: number;
  /** Persons of whom anything changed, the new ones included, and numbers that now lead to another person. */
  readonly changed: number;
}

/** Work memory of the transactions of an import: sorts and hashes of a whole register. */
export const GENEROUS = "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'";

/**
 * For tables that are filled in order beside one another: what a parallel build of an index would share among processes is the
 * sorting, of which there is none, and the cores are taken.
 */
export const ONE_PROCESS = 'SET LOCAL max_parallel_maintenance_workers = 0';
