/**
 * Names of what is counted, 64 bits each, under keys that are not in the database: of a person's field, of an unknown number's, of a
 * name with a date. One call of the cipher names everybody of a chunk.
 */
import { createCipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

export interface GuardKeys {
  readonly block: KeyObject;
  readonly text: KeyObject;
}

/** Derived, each with a label of its own: neither is the key of pseudonyms, and none of the three leads to another. */
export function guardKeysOf(pseudonym: KeyObject): GuardKeys {
  const derive = (label: string) => createSecretKey(Buffer.from(hkdfSync('sha256', pseudonym, '', label, 32)));
  return { block: derive('lienthong guess block 1'), text: derive('lienthong guess text 1') };
}

const KINDS = {
  name: 2,
  birth: 3,
  unknownName: 0x82,
  unknownBirth: 0x83,
  dateTag: 9,
  date: 10,
  number: 11,
  subject: 12,
};
const BLOCK = 16;
const ENTITY_BYTES = 7;
export const UNIT_BYTES = 8;
const MOST_ENTITIES = 10_000;

export function createGuardUnits({ block, text }: GuardKeys) {
  const cipher = createCipheriv('aes-256-ecb', block, null).setAutoPadding(false);
  const entities = new Map<string, Buffer>();
  const mac = (...parts: string[]) => createHmac('sha256', text).update(parts.join('\0')).digest();

  function tagOf(entity: string): Buffer {
    let tag = entities.get(entity);
    if (tag === undefined) {
      tag = mac('entity', entity).subarray(0, ENTITY_BYTES);
      if (entities.size >= MOST_ENTITIES) entities.clear();
      entities.set(entity, tag);
    }
    return tag;
  }

  /** For each number a unit of each kind. */
  function unitsOf(entity: string, kinds: readonly number[], numbers: ArrayLike<number>): Buffer {
    const tag = tagOf(entity);
    const count = numbers.length * kinds.length;
    const plain = Buffer.allocUnsafe(count * BLOCK);
    for (let i = 0, at = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      const high = Math.floor(number / 0x1_0000_0000);
      for (const kind of kinds) {
        for (let b = 0; b < ENTITY_BYTES; b++) plain[at + b] = tag[b] ?? 0;
        plain[at + ENTITY_BYTES] = kind;
        plain.writeUInt32BE(high, at + 8);
        plain.writeUInt32BE(number - high * 0x1_0000_0000, at + 12);
        at += BLOCK;
      }
    }
    const sealed = cipher.update(plain);
    const out = Buffer.alloc(count * UNIT_BYTES);
    for (let i = 0; i < count; i++)
      for (let b = 0; b < UNIT_BYTES; b++) out[i * UNIT_BYTES + b] = sealed[i * BLOCK + b] ?? 0;
    return out;
  }

  return {
    /** Name and date of birth of each person: two units, 16 bytes. */
    ofPeople: (entity: string, personNos: ArrayLike<number>) => unitsOf(entity, [KINDS.name, KINDS.birth], personNos),
    /** The same of numbers that nobody has, or that nobody may look behind. */
    ofNumbers: (entity: string, numbers: ArrayLike<number>) =>
      unitsOf(entity, [KINDS.unknownName, KINDS.unknownBirth], numbers),
    /** Two bytes of each date: a unit of a name with that date begins with them. */
    dateTags(entity: string, dates: ArrayLike<number>): Buffer {
      const units = unitsOf(entity, [KINDS.dateTag], dates);
      const out = Buffer.alloc(dates.length * 2);
      for (let i = 0; i < dates.length; i++) units.copy(out, i * 2, i * UNIT_BYTES, i * UNIT_BYTES + 2);
      return out;
    },
    /** A name with a date. Written in another order or without marks it is the same name: whoever looks for somebody may not vary it. */
    ofNameAndDate(entity: string, name: string, date: number, tag: Uint8Array): bigint {
      const words = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').split(' ').sort();
      const out = mac('name-date', entity, words.join(' '), String(date)).subarray(0, UNIT_BYTES);
      out.set(tag.subarray(0, 2));
      return out.readBigInt64BE();
    },
    valueOfName: (key: string): bigint => mac('name', key).readBigInt64BE(),
    valueOfDate: (date: number): bigint => unitsOf('', [KINDS.date], [date]).readBigInt64BE(),
    valueOfNumber: (number: number): bigint => unitsOf('', [KINDS.number], [number]).readBigInt64BE(),
    /** People (or numbers) as a limit of different people counts them: under another name every day. */
    subjects: (scope: string, numbers: ArrayLike<number>) => unitsOf(scope, [KINDS.subject], numbers),
  };
}
export type GuardUnits = ReturnType<typeof createGuardUnits>;

/** A name without what is no difference to anybody: case, form of its marks, spaces. No more: it is made for every row that misses. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();
