/**
 * Names of what is counted, 64 bits each, under keys that are not in the database: of a person's field, of an unknown number's, of a
 * name with a date. One call of the cipher names everybody of a chunk: a number is a block, a text is the block that its digest begins
 * with.
 */
import { createCipheriv, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';

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
export const UNIT_BYTES = 8;
/** Name, then date of birth. */
export const PERSON_BYTES = 2 * UNIT_BYTES;
const MOST_ENTITIES = 10_000;

export function createGuardUnits({ block, text }: GuardKeys) {
  const blocks = createCipheriv('aes-256-ecb', block, null).setAutoPadding(false);
  const texts = createCipheriv('aes-256-ecb', text, null).setAutoPadding(false);
  const entities = new Map<string, readonly [number, number]>();

  function sealTexts(of: readonly string[]): Buffer {
    const digests = Buffer.allocUnsafe(of.length * BLOCK);
    for (const [i, one] of of.entries()) hash('sha256', one, 'buffer').copy(digests, i * BLOCK, 0, BLOCK);
    return texts.update(digests);
  }

  /** Seven bytes: the eighth is the kind's. */
  function tagOf(entity: string): readonly [number, number] {
    let tag = entities.get(entity);
    if (tag === undefined) {
      const sealed = sealTexts([`entity\0${entity}`]);
      tag = [sealed.readUInt32BE(0), sealed.readUIntBE(4, ENTITY_BYTES - 4) * 256];
      if (entities.size >= MOST_ENTITIES) entities.clear();
      entities.set(entity, tag);
    }
    return tag;
  }

  function sealNumbers(entity: string, kind: number, numbers: ArrayLike<number>): Buffer {
    const [first, second] = tagOf(entity);
    const plain = Buffer.allocUnsafe(numbers.length * BLOCK);
    const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
    for (let i = 0, at = 0; i < numbers.length; i++, at += BLOCK) {
      const number = numbers[i] ?? 0;
      const high = Math.floor(number / 0x1_0000_0000);
      view.setUint32(at, first);
      view.setUint32(at + 4, second + kind);
      view.setUint32(at + 8, high);
      view.setUint32(at + 12, number - high * 0x1_0000_0000);
    }
    return blocks.update(plain);
  }

  return {
    /** Name and date of birth of each person: two units. */
    ofPeople: (entity: string, personNos: ArrayLike<number>) => sealNumbers(entity, KINDS.person, personNos),
    /** The same of numbers that nobody has, or that nobody may look behind. */
    ofNumbers: (entity: string, numbers: ArrayLike<number>) => sealNumbers(entity, KINDS.unknown, numbers),
    /** Two bytes of each date: a unit of a name with that date begins with them. */
    dateTags: (entity: string, dates: ArrayLike<number>) => heads(sealNumbers(entity, KINDS.dateTag, dates), TAG_BYTES),
    /**
     * Names, each with its date and the date's tag. Written in another order or without marks it is the same name: whoever looks for
     * somebody may not vary it.
     */
    ofNamesAndDates(
      entity: string,
      of: readonly { readonly name: string; readonly date: number; tag: number }[],
    ): Buffer {
      const units = heads(
        sealTexts(of.map(({ name, date }) => `name\0${entity}\0${date}\0${orderless(name)}`)),
        UNIT_BYTES,
      );
      for (const [i, { tag }] of of.entries()) units.writeUInt16BE(tag, i * UNIT_BYTES);
      return units;
    },
    valuesOfNames: (names: readonly string[]) =>
      heads(sealTexts(names.map((name) => `value\0${spoken(name)}`)), UNIT_BYTES),
    valuesOfDates: (dates: ArrayLike<number>) => heads(sealNumbers('', KINDS.date, dates), UNIT_BYTES),
    valuesOfNumbers: (numbers: ArrayLike<number>) => heads(sealNumbers('', KINDS.number, numbers), UNIT_BYTES),
    /** People (or numbers) as a limit of different people counts them: under another name every day. */
    subjects: (scope: string, numbers: ArrayLike<number>) =>
      heads(sealNumbers(scope, KINDS.subject, numbers), UNIT_BYTES),
  };
}
export type GuardUnits = ReturnType<typeof createGuardUnits>;

const TAG_BYTES = 2;

/** The first bytes of each block. */
function heads(sealed: Buffer, bytes: number): Buffer {
  const count = sealed.length / BLOCK;
  const out = Buffer.allocUnsafe(count * bytes);
  for (let i = 0; i < count; i++) for (let b = 0; b < bytes; b++) out[i * bytes + b] = sealed[i * BLOCK + b] ?? 0;
  return out;
}

/** A name without what is no difference to anybody: case, form of its marks, spaces. */
const spoken = (name: string): string => name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** Without marks as well, and without the order of its words. */
function orderless(name: string): string {
  const plain = name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('đ', 'd');
  return plain.trim().split(/\s+/u).sort().join(' ');
}
