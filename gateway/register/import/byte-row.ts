/**
 * A line of the file written as rows of COPY without becoming texts on the way. It takes what every check lets pass, most lines of
 * most files; all others it leaves to the reader of texts (`read-row.ts`), which alone knows why a row is rejected.
 */
import { ID_KIND } from '../columns.ts';
import { sealedLength } from './bulk-seal.ts';
import { createByteColumn, holdsList } from './byte-columns.ts';
import { createByteMessages } from './byte-messages.ts';
import { createCodeReader, equalBytes, readOldNumber, readPersonalIdBytes } from './byte-values.ts';
import type { LoadWorkerData } from './load-worker.ts';
import { LIFE, SYNTHETIC_FROM } from './read-row.ts';
import type { RowWriters } from './row-writers.ts';
import type { Line } from './scan-line.ts';
import { writeIdentifier, writeRelative } from './write-persons.ts';

const CURRENT = 1;
const SEMICOLON = 0x3b;
const CARD = 9;

/** Writes the person of a clean line; false, with nothing written, where the reader of texts has to look. */
export function createByteRow(
  { plan, deployment, today, importNo }: Pick<LoadWorkerData, 'plan' | 'deployment' | 'today' | 'importNo'>,
  writers: RowWriters,
): (bytes: Buffer, line: Line, personNo: number) => boolean {
  const { person, identifier, relation, sealer, logKey, width } = writers;
  const production = deployment === 'production';
  const readLife = createCodeReader(LIFE);
  const current = Buffer.from('current');
  const messageOf = createByteMessages(plan, sealer);
  const columns = plan.columns.map((column) => ({
    index: column.index,
    write: createByteColumn(column, today, person),
  }));
  const relations = plan.relations.map(({ kind, many, name, number }) => ({
    kind,
    many,
    name: name?.index ?? -1,
    number: number?.index ?? -1,
  }));

  const writeOldNumbers = (bytes: Buffer, start: number, end: number, personNo: number): boolean => {
    let [first, second] = [0, 0];
    for (let at = start; at < end; at += CARD + 1) {
      const value = readOldNumber(bytes, at, Math.min(end, at + CARD));
      if (value === 0 || (at + CARD < end && bytes[at + CARD] !== SEMICOLON) || at + CARD + 1 === end) return false;
      // The same number twice is one; more than two are rare enough for the reader of texts.
      if (value === first || value === second) continue;
      if (second > 0) return false;
      if (first === 0) first = value;
      else second = value;
      writeIdentifier(identifier, value, personNo, ID_KIND.oldCard, CURRENT);
    }
    return true;
  };

  const writeRelatives = (bytes: Buffer, { starts, ends }: Line, personNo: number): boolean => {
    for (let i = 0; i < relations.length; i++) {
      const { kind, many, name, number } = relations[i]!;
      const [nameStart, nameEnd] = name < 0 ? [0, 0] : [starts[name] ?? 0, ends[name] ?? 0];
      const [start, end] = number < 0 ? [0, 0] : [starts[number] ?? 0, ends[number] ?? 0];
      if (nameStart === nameEnd && start === end) continue;
      if (many && (holdsList(bytes, nameStart, nameEnd) || holdsList(bytes, start, end))) return false;
      const value = readOldNumber(bytes, start, end) || readPersonalIdBytes(bytes, start, end);
      if (start !== end && value === 0) return false;
      writeRelative(relation, personNo, value === 0 ? undefined : value, kind, 0);
      if (nameStart === nameEnd) relation.null();
      else relation.bytes(bytes, nameStart, nameEnd);
    }
    return true;
  };

  const write = (bytes: Buffer, line: Line, personNo: number): boolean => {
    const { starts, ends } = line;
    const isEmpty = (index: number) => index < 0 || starts[index] === ends[index];
    const number = readPersonalIdBytes(bytes, starts[plan.personalId] ?? 0, ends[plan.personalId] ?? 0);
    if (number === 0 || (production && number >= SYNTHETIC_FROM)) return false;
    if (!isEmpty(plan.supersededBy) || isEmpty(plan.fullName)) return false;
    const { idStatus, status, oldNumbers } = plan;
    if (!isEmpty(idStatus) && !equalBytes(bytes, starts[idStatus] ?? 0, ends[idStatus] ?? 0, current)) return false;
    const life = isEmpty(status) ? 1 : readLife(bytes, starts[status] ?? 0, ends[status] ?? 0);
    if (life === 0) return false;

    person.row(width);
    person.int8(personNo);
    person.int8(number);
    person.int4(importNo);
    person.int2(CURRENT);
    person.int2(life);
    logKey(person);
    const message = messageOf(bytes, line);
    let sealedAt = -1;
    if (message === undefined) {
      person.null();
      person.null();
    } else {
      sealedAt = person.reserve(sealedLength(message.length));
      person.bytes(sealer.keyId, 0, sealer.keyId.length);
    }
    for (let i = 0; i < columns.length; i++) {
      const { index, write } = columns[i]!;
      const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
      if (start === end) person.null();
      else if (!write(bytes, start, end)) return false;
    }
    writeIdentifier(identifier, number, personNo, ID_KIND.personal, CURRENT);
    if (!isEmpty(oldNumbers)) {
      if (!writeOldNumbers(bytes, starts[oldNumbers] ?? 0, ends[oldNumbers] ?? 0, personNo)) return false;
    }
    if (!writeRelatives(bytes, line, personNo)) return false;
    if (message !== undefined) sealer.add(personNo, message, sealedAt);
    return true;
  };

  return (bytes, line, personNo) => {
    const [personEnd, identifierEnd, relationEnd] = [person.length, identifier.length, relation.length];
    if (write(bytes, line, personNo)) return true;
    person.rewind(personEnd);
    identifier.rewind(identifierEnd);
    relation.rewind(relationEnd);
    return false;
  };
}
