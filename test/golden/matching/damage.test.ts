import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNames, judgeRow, normaliseName, OUTCOMES, readRow, VERDICTS } from '../../../gateway/matching/index.ts';
import { LEGACY_DECODERS } from '../../../gateway/matching/legacy-text.ts';
import { repairsOf } from '../../../gateway/matching/name-repairs.ts';
import { createNameLetters, readName } from '../../../gateway/matching/read-name.ts';
import { isWrittenSyllable } from '../../../gateway/matching/syllable.ts';
import { fullDate, person, vietnameseName, withoutMarks, written } from './arbitraries.ts';
import {
  misread,
  to1258,
  toEntities,
  toTcvn3,
  toTelex,
  toUnicodeEscapes,
  toViqr,
  toViscii,
  toVni,
  toVniKeys,
} from './encoders.ts';

/** What damage may cost and what it may never buy. */
const DAMAGES: Readonly<Record<string, (name: string) => string>> = {
  none: (name) => name,
  decomposed: (name) => name.normalize('NFD'),
  TCVN3: toTcvn3,
  VNI: toVni,
  VISCII: toViscii,
  'windows-1258': to1258,
  'misread as windows-1252': (name) => misread(name, 'windows-1252'),
  'misread as windows-1258': (name) => misread(name, 'windows-1258'),
  'misread as Latin-1': (name) => misread(name, 'latin1'),
  'misread twice': (name) => misread(misread(name, 'windows-1252'), 'windows-1252'),
  Telex: (name) => toTelex(name),
  'Telex, tone at the letter': (name) => toTelex(name, 'at the letter'),
  'VNI keys': (name) => toVniKeys(name),
  VIQR: toViqr,
  entities: toEntities,
  'escapes of programs': toUnicodeEscapes,
  'of addresses': encodeURIComponent,
  'a title': (name) => `Ông ${name}`,
  'a note': (name) => `${name} (chủ hộ)`,
};

const LEGACY = new Set(['TCVN3', 'VNI', 'VISCII', 'windows-1258']);
const TONES = ['\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];

/** The name with another tone on one of its words; the other words keep theirs. */
const changedTone = fc
  .tuple(vietnameseName, fc.nat(20), fc.nat(4))
  .map(([name, at, tone]): [string, string] => {
    const parts = name.normalize('NFD');
    const places = [...parts.matchAll(/[\u0300\u0301\u0303\u0309\u0323]/g)];
    const place = places[at % Math.max(1, places.length)];
    if (place === undefined) return [name, name];
    return [name, (parts.slice(0, place.index) + TONES[tone] + parts.slice(place.index + 1)).normalize('NFC')];
  })
  // A word said twice is taken for a slip of the keyboard, with marks or without.
  .filter(([name]) => new Set(withoutMarks(name).split(' ')).size === name.split(' ').length)
  .filter(([name, changed]) => name !== changed && withoutMarks(changed) !== changed);

describe.each(Object.entries(DAMAGES))('%s', (label, damage) => {
  test('what it says of the name is the register’s', () => {
    fc.assert(
      fc.property(vietnameseName, (name) => {
        // What happens to be a name as it stands shows no damage (PhÕm is Phạm in VISCII, and Phõm).
        fc.pre(!LEGACY.has(label) || !damage(name).split(' ').every(isWrittenSyllable));
        expect(compareNames(damage(name), name).level.grade, damage(name)).toMatch(/^(?:same|damaged)$/);
      }),
      { numRuns: 60 },
    );
  });

  test('one differing mark among right ones stays one: never TRUE, never VERIFIED', () => {
    fc.assert(
      fc.property(changedTone, fullDate, ([name, changed], date) => {
        const row = readRow({ idNumber: '901085001234', name: damage(changed), birthDate: written(date) });
        // Grave accents and full stops alone may as well be apostrophes and ends of words, and `?` a lost letter.
        fc.pre(label !== 'VIQR' || /^[^?]*[\^(+~][^?]*$/.test(damage(changed)));
        // Some bytes are the name in one encoding and another name in a second one.
        const otherwise = LEGACY_DECODERS.map((decode) => normaliseName(decode(row.name)).key);
        fc.pre(!LEGACY.has(label) || !otherwise.includes(normaliseName(name).key));
        expect(compareNames(row.name, name).outcome, damage(changed)).toBe(OUTCOMES.FALSE);
        expect(judgeRow(row, [person(name, date)]).verdict, damage(changed)).toBeGreaterThanOrEqual(VERDICTS.PROBABLE);
      }),
      { numRuns: 80 },
    );
  });

  test('at most forty texts are tried, none longer than a name may be', () => {
    fc.assert(
      fc.property(vietnameseName, vietnameseName, (name, register) => {
        const found = repairsOf(damage(name), readName(damage(name), createNameLetters()), register, 3);
        expect(found.length).toBeLessThanOrEqual(40);
        for (const { text } of found) expect(text.length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 20 },
    );
  });
});
