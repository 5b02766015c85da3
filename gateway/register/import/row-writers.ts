/** Where the rows of one block go, whichever reader they come from. */
import { CopyWriter } from './copy-writer.ts';
import type { LoadWorkerData } from './load-worker.ts';
import type { PersonRow } from './read-row.ts';
import { createPersonSealer, type PersonSealer } from './seal-persons.ts';
import { createLogKeys, personColumns, writeIdentifiers, writePerson, writeRelatives } from './write-persons.ts';

const SMALL = 16 * 1024;

export interface RowWriters {
  readonly person: CopyWriter;
  readonly identifier: CopyWriter;
  readonly relation: CopyWriter;
  readonly sealer: PersonSealer;
  /** Writes a new log key. */
  readonly logKey: (into: CopyWriter) => void;
  /** Columns of a row of `person`. */
  readonly width: number;
  /** Writes a person whom the reader of texts has read. */
  add(row: PersonRow, personNo: number): void;
}

export function createRowWriters({ plan, importNo, key, keyId }: LoadWorkerData): RowWriters {
  const sealer = createPersonSealer(key, keyId);
  const logKey = createLogKeys();
  const width = personColumns(plan).length;
  // They grow to what a block takes, and stay so.
  const [person, identifier, relation] = [new CopyWriter(SMALL), new CopyWriter(SMALL), new CopyWriter(SMALL)];
  return {
    person,
    identifier,
    relation,
    sealer,
    logKey,
    width,
    add: (row, personNo) => {
      person.row(width);
      writePerson(person, plan, row, { personNo, importNo, logKey, sealer, sensitive: row.sensitive });
      writeIdentifiers(identifier, row, personNo);
      writeRelatives(relation, row, personNo);
    },
  };
}
