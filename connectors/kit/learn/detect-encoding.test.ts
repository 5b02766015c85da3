import { beforeAll, describe, expect, it } from 'vitest';
import { generatePopulation } from '../../../gateway/development/synthetic/population.ts';
import type { ByteEncoding } from '../decode/encodings.ts';
import { type LegacyEncoding, writeLegacy } from '../decode/letters.test-support.ts';
import { CANDIDATES, detectEncoding } from './detect-encoding.ts';
import { createTextSample } from './text-sample.ts';
import { createTextTally } from './text-tally.ts';
import { isVietnameseWord } from './vietnamese-word.ts';

const ALL = new Set<ByteEncoding>([...CANDIDATES, 'windows-1252']);
const LEGACY: readonly LegacyEncoding[] = ['tcvn3', 'vni', 'windows-1258', 'viscii'];
const MARKS = /\u0300|\u0301|\u0302|\u0303|\u0306|\u0309|\u031b|\u0323/gu;
let names: string[];

beforeAll(() => {
  // Some names of smaller peoples have letters that no encoding of the time had.
  names = [...generatePopulation({ seed: 11, persons: 1500 })]
    .map(({ person }) => person.fullName)
    .filter((name) => /^[a-zđ' -]*$/iu.test(name.normalize('NFD').replace(MARKS, '')));
});

const written = (name: string, encoding: LegacyEncoding | 'utf-8'): Buffer =>
  encoding === 'utf-8' ? Buffer.from(name) : writeLegacy(name, encoding);

function detect(cells: readonly Uint8Array[], possible: ReadonlySet<ByteEncoding> = ALL) {
  const tally = createTextTally();
  for (const cell of cells) tally.add(Buffer.from(cell).toString('latin1'), '', '');
  return detectEncoding(tally.counts(), possible);
}

describe('a file of names', () => {
  it.each([...LEGACY, 'utf-8'] as const)('in %s is known, in either case, from ten rows on', (encoding) => {
    expect(names.length).toBeGreaterThan(1000);
    for (let at = 0; at + 10 < names.length; at += 10) {
      const some = names.slice(at, at + 10);
      expect(detect(some.map((name) => written(name, encoding))).value).toBe(encoding);
      expect(detect(some.map((name) => written(name.toUpperCase(), encoding))).value).toBe(encoding);
    }
  });

  it.each(LEGACY)('in UTF-8 with a tenth of %s rows stays UTF-8, and the other way round', (encoding) => {
    const mixed = (most: LegacyEncoding | 'utf-8', few: LegacyEncoding | 'utf-8') =>
      names.map((name, i) => written(name, i % 10 === 0 ? few : most));
    expect(detect(mixed('utf-8', encoding)).value).toBe('utf-8');
    const { value, evidence } = detect(mixed(encoding, 'utf-8'));
    expect(value).toBe(encoding);
    expect(evidence.fitting).toBeLessThan(evidence.words ?? 0);
  });

  it('in UTF-8 with the residue of an older one is UTF-8: its rows are the gateway’s to repair', () => {
    const residue = names.map((name) => Buffer.from(writeLegacy(name, 'tcvn3').toString('latin1'), 'utf8'));
    expect(detect(residue).value).toBe('utf-8');
  });

  it('decomposed is UTF-8', () =>
    expect(detect(names.map((name) => Buffer.from(name.normalize('NFD')))).value).toBe('utf-8'));

  it('without a mark is UTF-8', () => {
    expect(detect([Buffer.from('NGUYEN VAN AN')])).toEqual({ value: 'utf-8', evidence: { marked: 0, utf8: 0 } });
  });

  it('whose header is not read in it is not taken for it', () => {
    const cells = names.map((name) => writeLegacy(name, 'tcvn3'));
    expect(() => detect(cells, new Set<ByteEncoding>(['utf-8', 'vni']))).toThrow(/--encoding/);
  });

  it('that is Vietnamese in none is refused', () => {
    expect(() => detect(names.slice(0, 50).map(() => Buffer.from([0x81, 0x8d, 0xff, 0xf7])))).toThrow(/--encoding/);
  });

  it('with hardly a mark is Windows-1252 where that gives letters, else UTF-8', () => {
    const plain = Array.from({ length: 200 }, () => Buffer.from('NGUYEN VAN AN'));
    expect(detect([...plain, Buffer.from('JOS\u00c9 GARC\u00cdA', 'latin1')]).value).toBe('windows-1252');
    expect(detect([...plain, Buffer.of(0x41, 0x81)]).value).toBe('utf-8');
  });
});

describe('a sample', () => {
  it('is bounded, and spread over all of the texts', () => {
    const sample = createTextSample(64);
    for (let i = 0; i < 10_000; i++) sample.add(String(i));
    const kept = sample.texts().map(Number);
    expect(kept.length).toBeGreaterThan(32);
    expect(kept.length).toBeLessThanOrEqual(64);
    const steps = new Set(kept.slice(1).map((value, i) => value - (kept[i] ?? 0)));
    expect(steps.size).toBe(1);
    expect(10_000 - (kept.at(-1) ?? 0)).toBeLessThanOrEqual([...steps][0] ?? 0);
  });
});

describe('a Vietnamese word', () => {
  it.each([
    'Nguyễn',
    'TRẦN',
    'thuý',
    'Thúy',
    'Quỳnh',
    'Đỗ',
    'Khuê',
    'Yến',
    'Ước',
    'Giang',
    'Gì',
    'Ngọc',
    'Ê',
    'nghiêm',
  ])('%s', (word) => {
    expect(isVietnameseWord(word)).toBe(true);
    expect(isVietnameseWord(word.normalize('NFD'))).toBe(true);
  });

  it.each([
    '',
    'NguyÔn',
    'TrÇn',
    'v¨n',
    'thịị',
    'Ngọć',
    'ngoc̀',
    'Tuàn',
    'ộc1',
    'Garcia',
    'thềt',
    'b́an',
  ])('%s is none', (word) => expect(isVietnameseWord(word)).toBe(false));
});
