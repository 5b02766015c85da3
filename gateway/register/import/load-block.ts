/** A block of the file to rows of COPY, rejects and former numbers: by bytes where that will do, by texts where it will not. */
import { createByteRow } from './byte-row.ts';
import type { Block } from './frame.ts';
import type { LoadedBlock, LoadWorkerData } from './load-worker.ts';
import { createMatchRun } from './match-run.ts';
import type { NumberLine } from './numbers.ts';
import { parseBlock, parseLine } from './parse-block.ts';
import { type RecordSink, readRecord, readRecords } from './read-block.ts';
import { createRowReader } from './read-row.ts';
import type { Reject } from './reject.ts';
import { createRowWriters } from './row-writers.ts';
import { createLineScanner } from './scan-line.ts';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * What a worker does with a block. In a first load a person's number is the place of its record in the file, so blocks
 * need not wait for one another. `byBytes` false reads texts alone: what the bytes are compared with.
 */
export function createLoader(data: LoadWorkerData, byBytes = true): (block: Block) => LoadedBlock {
  const { plan } = data;
  const readRow = createRowReader(plan, data.deployment, data.today);
  const writers = createRowWriters(data);
  const writeLine = createByteRow(data, writers);
  const scan = createLineScanner(plan.headers.length);
  const matchRun = createMatchRun(plan);

  return (block) => {
    const { bytes } = block;
    const numbers: NumberLine[] = [];
    const rejects: Reject[] = [];
    const marks: (readonly [number, number])[] = [];
    let persons = 0;
    let rows = 0;
    let drift = Number.NaN;
    const count = (personNo: number, line: number) => {
      persons++;
      if (line - personNo === drift) return;
      drift = line - personNo;
      marks.push([personNo, line]);
    };
    const sink: RecordSink = {
      person: (row, record, line) => {
        writers.add(row, record);
        count(record, line);
      },
      number: (number) => numbers.push(number),
      reject: (reject) => rejects.push(reject),
    };

    const readLines = () => {
      let at = block.firstLine === 1 && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? 3 : 0;
      for (let index = 0; at < bytes.length; index++) {
        const from = at;
        const scanned = scan(bytes, from);
        at = scanned.next;
        const record = block.firstRecord + index;
        if (record === 0) continue;
        const line = block.firstLine + index;
        if (scanned.clean && scanned.cells === plan.headers.length && writeLine(bytes, scanned, record)) {
          rows++;
          count(record, line);
          continue;
        }
        const { cells, broken } = parseLine(bytes.toString('utf8', from, scanned.end));
        if (readRecord(cells, { record, line, broken, orderly: false }, plan, readRow, sink)) rows++;
      }
    };

    if (byBytes && !block.multiline) readLines();
    else rows = readRecords(block, parseBlock(block), plan, readRow, sink);
    const { person, identifier, relation, sealer } = writers;
    sealer.run(person.written);
    const match = matchRun(person.written, identifier.written);
    return {
      person: person.take(),
      identifier: identifier.take(),
      relation: relation.take(),
      match,
      numbers,
      rejects,
      rows,
      persons,
      marks,
    };
  };
}
