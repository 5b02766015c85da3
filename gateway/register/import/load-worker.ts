/** Worker thread of the first load: blocks of the file in, rows of COPY out. */
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { DeploymentKind } from '../deployment.ts';
import { CopyWriter } from './copy-writer.ts';
import type { Block } from './frame.ts';
import { createMatchRun } from './match-run.ts';
import type { ImportPlan } from './plan.ts';
import { readBlock } from './read-block.ts';
import { createRowReader, type NumberRow } from './read-row.ts';
import type { Reject } from './reject.ts';
import { createPersonSealer } from './seal-persons.ts';
import { createLogKeys, personColumns, writeIdentifiers, writePerson, writeRelatives } from './write-persons.ts';

export interface LoadWorkerData {
  readonly plan: ImportPlan;
  readonly deployment: DeploymentKind;
  readonly today: number;
  readonly importNo: number;
  readonly key: KeyObject;
  readonly keyId: string;
}

export interface LoadedBlock {
  readonly person: Uint8Array<ArrayBuffer>;
  readonly identifier: Uint8Array<ArrayBuffer>;
  readonly relation: Uint8Array<ArrayBuffer>;
  /** Rows of `person_match`, in order of the value. */
  readonly match: Uint8Array<ArrayBuffer>;
  readonly numbers: readonly (NumberRow & { readonly line: number })[];
  readonly rejects: readonly Reject[];
  readonly rows: number;
  readonly persons: number;
  /** (record, line) wherever the difference of the two changes, to find the line of a person again. */
  readonly marks: readonly (readonly [record: number, line: number])[];
}

/**
 * What a worker does with a block. In a first load a person's number is the place of its record in the file, so blocks
 * need not wait for one another.
 */
export function createLoader(data: LoadWorkerData): (block: Block) => LoadedBlock {
  const { plan, importNo, keyId } = data;
  const readRow = createRowReader(plan, data.deployment, data.today);
  const sealer = createPersonSealer(data.key, keyId);
  const logKey = createLogKeys();
  const matchRun = createMatchRun(plan);
  const width = personColumns(plan).length;
  const person = new CopyWriter(4 * 1024 * 1024);
  const identifier = new CopyWriter(1024 * 1024);
  const relation = new CopyWriter(plan.relations.length === 0 ? 1024 : 2 * 1024 * 1024);
  return (block) => {
    const read = readBlock(block, plan, readRow);
    const marks: (readonly [number, number])[] = [];
    let drift = Number.NaN;
    for (let i = 0; i < read.persons.length; i++) {
      const row = read.persons[i]!;
      const personNo = read.personRecords[i] ?? 0;
      const line = read.personLines[i] ?? 0;
      if (line - personNo !== drift) {
        drift = line - personNo;
        marks.push([personNo, line]);
      }
      person.row(width);
      writePerson(person, plan, row, { personNo, importNo, logKey, sealer, sensitive: row.sensitive });
      writeIdentifiers(identifier, row, personNo);
      if (row.relatives.length > 0) writeRelatives(relation, row, personNo);
    }
    sealer.run(person.written);
    const match = matchRun(person.written, identifier.written);
    return {
      person: person.take(),
      identifier: identifier.take(),
      relation: relation.take(),
      match,
      numbers: read.numbers,
      rejects: read.rejects,
      rows: read.rows,
      persons: read.persons.length,
      marks,
    };
  };
}

if (parentPort !== null) {
  const port = parentPort;
  const load = createLoader(workerData as LoadWorkerData);
  port.on('message', (block: Omit<Block, 'bytes'> & { bytes: Uint8Array }) => {
    const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength);
    const loaded = load({ ...block, bytes });
    port.postMessage(loaded, [
      loaded.person.buffer,
      loaded.identifier.buffer,
      loaded.relation.buffer,
      loaded.match.buffer,
    ]);
  });
}
