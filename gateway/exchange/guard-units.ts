/**
 * Names of what is counted, 64 bits each, under keys that are not in the database: of a person's field, of an unknown number's, of a
 * name with a date. One call of the cipher names everybody of a chunk: a number is a block, a text is the block that its digest
 * begins with.
 */
import { createCipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { digests } from '../proof/batch.ts';
import { HASH_BYTES, sha256 } from '../proof/bytes.ts';
import { writeNumber } from '../proof/packed-texts.ts';
import { bareEnds, type NameForm, packNames, spoken } from './guard-names.ts';

export interface GuardKeys {
  readonly block: KeyObject;
  readonly text: KeyObject;
}

/** Derived, each with a label of its own: neither is the key of pseudonyms, and none of the three leads to another. */
export function guardKeysOf(pseudonym: KeyObject): GuardKeys {
  const derive = (label: string) => createSecretKey(Buffer.from(hkdfSync('sha256', pseudonym, '', label, 32)));
  return { block: derive('lienthong guess block 2'), text: derive('lienthong guess text 2') };
}

const KINDS = { person: 2, unknown: 0x82, dateTag: 9, date: 10, number: 11, subject: 12 };
const BLOCK = 16;
const ENTITY_BYTES = 7;
const TAG_BYTES = 2;
export const UNIT_BYTES = 8;
/** Name, then date of birth. */
export const PERSON_BYTES = 2 * UNIT_BYTES;
const MOST_ENTITIES = 10_000;
/** Numbers that are named by one call of the cipher: their blocks stay near, and are no memory that comes and goes. */
const PIECE = 1024;
/** A date, and the zero behind it. */
const DATE_ROOM = 11;

export function createGuardUnits({ block, text }: GuardKeys) {
  const blocks = createCipheriv('aes-256-ecb', block, null).setAutoPadding(false);
  const texts = createCipheriv('aes-256-ecb', text, null).setAutoPadding(false);
  const plain = new DataView(new ArrayBuffer(PIECE * BLOCK));
  const entities = new Map<string, readonly [number, number]>();

  function sealNames(names: readonly string[], form: NameForm, head: string, dates?: ArrayLike<number>): Buffer {
    const label = Buffer.from(head);
    const writeHead = (out: Buffer, at: number, i: number) => {
      out.set(label, at);
      if (dates === undefined) return at + label.length;
      const end = writeNumber(out, at + label.length, dates[i] ?? 0);
      out[end] = 0;
      return end + 1;
    };
    const { bytes, offsets } = packNames(names, form, label.length + DATE_ROOM, writeHead);
    const units = Buffer.allocUnsafe(names.length * UNIT_BYTES);
    copyHeads(texts.update(digests(bytes, offsets)), HASH_BYTES, units, 0, UNIT_BYTES);
    return units;
  }

  /** Seven bytes: the eighth is the kind's. */
  function tagOf(entity: string): readonly [number, number] {
    let tag = entities.get(entity);
    if (tag === undefined) {
      const sealed = texts.update(sha256(Buffer.from(`entity\0${entity}`)));
      tag = [sealed.readUInt32BE(0), sealed.readUIntBE(4, ENTITY_BYTES - 4) * 256];
      if (entities.size >= MOST_ENTITIES) entities.clear();
      entities.set(entity, tag);
    }
    return tag;
  }

  /** The first `bytes` of each number's block. */
  function sealNumbers(entity: string, kind: number, numbers: ArrayLike<number>, bytes: number): Buffer {
    const [first, second] = tagOf(entity);
    const out = Buffer.allocUnsafe(numbers.length * bytes);
    for (let from = 0; from < numbers.length; from += PIECE) {
      const count = Math.min(PIECE, numbers.length - from);
      for (let i = 0, at = 0; i < count; i++, at += BLOCK) {
        const number = numbers[from + i] ?? 0;
        const high = Math.floor(number / 0x1_0000_0000);
        plain.setUint32(at, first);
        plain.setUint32(at + 4, second + kind);
        plain.setUint32(at + 8, high);
        plain.setUint32(at + 12, number - high * 0x1_0000_0000);
      }
      const sealed = blocks.update(new Uint8Array(plain.buffer, 0, count * BLOCK));
      if (bytes === BLOCK) out.set(sealed, from * BLOCK);
      else copyHeads(sealed, BLOCK, out, from * bytes, bytes);
    }
    return out;
  }

  return {
    /** Name and date of birth of each person: two units. */
    ofPeople: (entity: string, personNos: ArrayLike<number>) =>
      sealNumbers(entity, KINDS.person, personNos, PERSON_BYTES),
    /** The same of numbers that nobody has, or that nobody may look behind. */
    ofNumbers: (entity: string, numbers: ArrayLike<number>) =>
      sealNumbers(entity, KINDS.unknown, numbers, PERSON_BYTES),
    /** Two bytes of each date: a unit of a name with that date begins with them. */
    dateTags: (entity: string, dates: ArrayLike<number>) => sealNumbers(entity, KINDS.dateTag, dates, TAG_BYTES),
    /**
     * Names, each with its date and the date's tag. Whatever the matcher makes no difference of is the same name: whoever looks for
     * somebody may not vary it.
     */
    ofNamesAndDates(
      entity: string,
      names: readonly string[],
      dates: ArrayLike<number>,
      tags: ArrayLike<number>,
    ): Buffer {
      const units = sealNames(names, bareEnds, `name\0${entity}\0`, dates);
      for (let i = 0; i < names.length; i++) units.writeUInt16BE(tags[i] ?? 0, i * UNIT_BYTES);
      return units;
    },
    valuesOfNames: (names: readonly string[]) => sealNames(names, spoken, 'value\0'),
    valuesOfDates: (dates: ArrayLike<number>) => sealNumbers('', KINDS.date, dates, UNIT_BYTES),
    valuesOfNumbers: (numbers: ArrayLike<number>) => sealNumbers('', KINDS.number, numbers, UNIT_BYTES),
    /** People (or numbers) as a limit of different people counts them: under another name every day. */
    subjects: (scope: string, numbers: ArrayLike<number>) => sealNumbers(scope, KINDS.subject, numbers, UNIT_BYTES),
  };
}
export type GuardUnits = ReturnType<typeof createGuardUnits>;

/** The first bytes of each of those that lie `apart`. */
function copyHeads(from: Uint8Array, apart: number, into: Uint8Array, to: number, bytes: number): void {
  for (let at = 0, end = to; at < from.length; at += apart, end += bytes) {
    for (let b = 0; b < bytes; b++) into[end + b] = from[at + b] ?? 0;
  }
}
