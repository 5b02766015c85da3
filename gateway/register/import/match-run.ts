/**
 * Rows of `person_match` for the persons of one block, in order of the value: what `match-rows.ts` says in SQL of `identifier` and
 * `person`, here of the bytes that go to these two tables.
 */

import { copyBytes } from '../../proof/copy-bytes.ts';
import { EMPTY_MATCH, MATCH, readBigint, writeBigint } from './match-bytes.ts';
import type { ImportPlan } from './plan.ts';
import { createNumberSort } from './sort-numbers.ts';
import { IDENTIFIER_ROW, PERSON_ROW } from './write-persons.ts';

const CANCELLED = 3;
const LOG_KEY = 16;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const EMPTY = viewOf(EMPTY_MATCH);

/** `person` and `identifier`: rows of COPY without header and trailer, both in order of the person number. */
export function createMatchRun(
  plan: ImportPlan,
): (person: Uint8Array, identifier: Uint8Array) => Uint8Array<ArrayBuffer> {
  const sort = createNumberSort();
  const placeOf = (path: string) => plan.columns.findIndex(({ field }) => field.path === path);
  const [name, birth, sex] = [placeOf('full_name'), placeOf('date_of_birth'), placeOf('sex')];
  const [NAME, BIRTH, SEX, OWNER] = [0, 1, 2, 3];
  const WIDTH = 4;
  let values = new Float64Array(0);
  /** Of each identifier: where its person's name, birth date and sex stand (their lengths before them), and the row itself. */
  let owners = new Int32Array(0);

  return (person, identifier) => {
    const persons = viewOf(person);
    const identifiers = viewOf(identifier);
    const count = identifier.length / IDENTIFIER_ROW.size;
    if (values.length < count) {
      values = new Float64Array(count);
      owners = new Int32Array(count * WIDTH);
    }
    let next = 0;
    let row = 0;
    let owner = -1;
    let [nameAt, birthAt, sexAt] = [0, 0, 0];
    let size = 0;
    for (let i = 0; i < count; i++) {
      const from = i * IDENTIFIER_ROW.size;
      values[i] = readBigint(identifiers, from + IDENTIFIER_ROW.value);
      const personNo = readBigint(identifiers, from + IDENTIFIER_ROW.personNo);
      if (personNo !== owner) {
        // Each person has a number, so the next person of one table is the next of the other.
        owner = personNo;
        row = next;
        next += PERSON_ROW.sealed;
        for (let column = -2; column < plan.columns.length; column++) {
          if (column === name) nameAt = next;
          else if (column === birth) birthAt = next;
          else if (column === sex) sexAt = next;
          next += 4 + Math.max(0, persons.getInt32(next));
        }
      }
      owners[i * WIDTH + NAME] = nameAt;
      owners[i * WIDTH + BIRTH] = birthAt;
      owners[i * WIDTH + SEX] = sex < 0 ? -1 : sexAt;
      owners[i * WIDTH + OWNER] = row;
      size += MATCH.name + persons.getInt32(nameAt);
    }

    const order = sort(values, count);
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const place = order[i] ?? 0;
      const from = place * IDENTIFIER_ROW.size;
      const of = owners[place * WIDTH + OWNER] ?? 0;
      const value = values[place] ?? 0;
      copyBytes(view, at, EMPTY, 0, MATCH.name);
      writeBigint(view, at + MATCH.value, value);
      copyBytes(view, at + MATCH.personNo, persons, of + PERSON_ROW.personNo, of + PERSON_ROW.personNo + 8);
      const own = readBigint(persons, of + PERSON_ROW.personalId);
      const idStatus = persons.getInt16(of + PERSON_ROW.idStatus);
      if (idStatus !== CANCELLED && own !== value) writeBigint(view, at + MATCH.currentId, own);
      const birthOf = owners[place * WIDTH + BIRTH] ?? 0;
      if (persons.getInt32(birthOf) > 0) view.setInt32(at + MATCH.birthDate, persons.getInt32(birthOf + 4));
      view.setInt16(at + MATCH.kind, identifiers.getInt16(from + IDENTIFIER_ROW.kind));
      view.setInt16(at + MATCH.idStatus, identifiers.getInt16(from + IDENTIFIER_ROW.status));
      const sexOf = owners[place * WIDTH + SEX] ?? -1;
      if (sexOf >= 0 && persons.getInt32(sexOf) > 0) view.setInt16(at + MATCH.sex, persons.getInt16(sexOf + 4));
      view.setInt16(at + MATCH.personStatus, persons.getInt16(of + PERSON_ROW.lifeStatus));
      copyBytes(view, at + MATCH.logKey, persons, of + PERSON_ROW.logKey, of + PERSON_ROW.logKey + LOG_KEY);
      const nameOf = owners[place * WIDTH + NAME] ?? 0;
      const length = persons.getInt32(nameOf);
      view.setInt32(at + MATCH.nameLength, length);
      at = copyBytes(view, at + MATCH.name, persons, nameOf + 4, nameOf + 4 + length);
    }
    return bytes;
  };
}
