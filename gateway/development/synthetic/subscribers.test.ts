import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import papaparse from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAddressCatalogue } from './addresses.ts';
import { DAMAGE_SHARES, type Damage } from './damage.ts';
import { createPopulation, isoDate, recordsOf } from './population.ts';
import {
  expectedCounts,
  generateSubscribers,
  type Label,
  MIXES,
  SUBSCRIBER_COLUMNS,
  type Subscriber,
  writeSubscribersCsv,
} from './subscribers.ts';

const addresses = loadAddressCatalogue();
const OPTIONS = { seed: 77, persons: 30_000, subscribers: 20_000, addresses } as const;
const people = createPopulation(OPTIONS);
let rows: Subscriber[] = [];
let folder = '';
beforeAll(async () => {
  rows = [...generateSubscribers(OPTIONS)];
  folder = await mkdtemp(join(tmpdir(), 'lt-subscribers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const labelled = (label: Label): Subscriber[] => rows.filter((row) => row.label === label);
const subjectOf = (row: Subscriber) => people.personAt(row.subject);
const dayFirst = (iso: string): string => iso.split('-').reverse().join('/');
const saysDate = (row: Subscriber, iso: string): boolean =>
  row.dateOfBirth === iso || row.dateOfBirth === dayFirst(iso);
const counted = (list: readonly Subscriber[]): Map<Label, number> => {
  const counts = new Map<Label, number>();
  for (const { label } of list) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
};

describe('the mix', () => {
  it('holds exactly the expected number of every kind', () => {
    const expected = expectedCounts(OPTIONS.subscribers, MIXES.demo);
    expect(counted(rows)).toEqual(new Map([...expected].toSorted(([a], [b]) => firstOf(a) - firstOf(b))));
    expect([...expected.values()].reduce((sum, count) => sum + count, 0)).toBe(OPTIONS.subscribers);
    function firstOf(label: Label): number {
      return rows.findIndex((row) => row.label === label);
    }
  });

  it('is 88, 8, 2 and 2 per cent in the benchmark', () => {
    const counts = expectedCounts(1_000_000, MIXES.bench);
    const of = (start: string): number =>
      [...counts].filter(([label]) => label.startsWith(start)).reduce((sum, [, count]) => sum + count, 0);
    expect([of('clean'), of('damaged'), of('absent'), of('different'), of('invalid')]).toEqual([
      880_000, 80_000, 20_000, 20_000, 0,
    ]);
  });

  it('shows every kind of damage, difference and invalid row', () => {
    const seen = new Set(rows.map(({ label }) => label));
    for (const damage of Object.keys(DAMAGE_SHARES)) expect(seen).toContain(`damaged.${damage}`);
    for (const kind of ['borrowed_id', 'sibling', 'parent_and_child', 'spouse'])
      expect(seen).toContain(`different.${kind}`);
    expect([...seen].filter((label) => label.startsWith('invalid')).length).toBeGreaterThanOrEqual(6);
  });

  it('is dealt over the whole file', () => {
    const damaged = rows.filter(({ label }) => label.startsWith('damaged'));
    const early = damaged.filter(({ rowId }) => rowId <= OPTIONS.subscribers / 2).length;
    expect(early / damaged.length).toBeGreaterThan(0.4);
    expect(early / damaged.length).toBeLessThan(0.6);
  });

  it('is the same for the same seed only', () => {
    const some = { ...OPTIONS, subscribers: 500 };
    expect([...generateSubscribers(some)]).toEqual([...generateSubscribers(some)]);
    expect([...generateSubscribers({ ...some, seed: 78 })]).not.toEqual([...generateSubscribers(some)]);
  });

  it('refuses shares of more than one and a population of none', () => {
    expect(() => expectedCounts(100, { damaged: 0.9, absent: 0.2, different: 0, invalid: 0, styled: true })).toThrow(
      RangeError,
    );
    expect(() => [...generateSubscribers({ ...OPTIONS, persons: 0 })]).toThrow(RangeError);
  });
});

describe('rows', () => {
  it('has a subscription number of the telco, each once', () => {
    expect(new Set(rows.map(({ msisdn }) => msisdn)).size).toBe(rows.length);
    expect(rows.filter(({ msisdn }) => !/^84(3[2-9]|86|9[678])\d{7}$/u.test(msisdn))).toEqual([]);
  });

  it('says of clean rows what the register says, in the telco’s style', () => {
    const clean = labelled('clean');
    for (const row of clean) {
      const person = subjectOf(row);
      const named = row.fullName === person.fullName || row.fullName === person.fullName.toUpperCase();
      const right = row.idNumber === person.personalId && named && saysDate(row, isoDate(person.born));
      if (!right || row.subject >= OPTIONS.persons) expect.fail(`row ${row.rowId}`);
    }
    expect(clean.some((row) => row.fullName === row.fullName.toUpperCase())).toBe(true);
    expect(clean.some((row) => row.dateOfBirth.includes('/'))).toBe(true);
  });

  it('gives benchmark rows plainly: register spelling, whole ISO dates', () => {
    for (const row of generateSubscribers({ ...OPTIONS, subscribers: 2_000, mix: 'bench' })) {
      if (row.label !== 'clean') continue;
      const person = subjectOf(row);
      expect([row.idNumber, row.fullName, row.dateOfBirth]).toEqual([
        person.personalId,
        person.fullName,
        isoDate(person.born),
      ]);
      expect(row.dateOfBirth).toMatch(/^\d{4}-\d\d-\d\d$/u);
    }
  });

  it('uses numbers of absent rows that the register never gave', () => {
    const given = new Set<string>();
    for (let index = 0; index < OPTIONS.persons; index++) {
      for (const { personalId } of recordsOf(people.personAt(index))) given.add(personalId);
    }
    const absent = labelled('absent');
    for (const row of absent) {
      expect(row.idNumber).toMatch(/^9\d{11}$/u);
      expect(given.has(row.idNumber)).toBe(false);
      expect(row.holder).toBeUndefined();
    }
  });

  it('shows truly different people: another holder, another birth date or name', () => {
    for (const row of rows.filter(({ label }) => label.startsWith('different'))) {
      const holder = people.personAt(row.holder ?? -1);
      const subject = subjectOf(row);
      expect(holder.index).not.toBe(subject.index);
      expect(holder.index).toBeLessThan(OPTIONS.persons);
      expect(row.idNumber).toBe(holder.personalId);
      expect(holder.fullName !== subject.fullName || isoDate(holder.born) !== isoDate(subject.born)).toBe(true);
      if (row.label === 'different.sibling') expect(holder.mother).toBe(subject.mother);
      if (row.label === 'different.parent_and_child') expect([subject.father, subject.mother]).toContain(holder.index);
      if (row.label === 'different.spouse') expect(holder.spouse).toBe(subject.index);
    }
  });
});

describe('damage', () => {
  const bare = (text: string): string =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[đĐ\u00D0\u0189]/gu, 'D')
      .toUpperCase();
  const folded = (text: string): string =>
    bare(text)
      .replaceAll('Y', 'I')
      .replace(/[\s\u200B\uFEFF]+/gu, ' ')
      .trim();
  const IN_NAME_ONLY: readonly Damage[] = [
    'no_marks',
    'decomposed',
    'tone_placement',
    'i_y',
    'd_lookalike',
    'extra_spaces',
    'no_break_space',
    'zero_width',
    'mark_dropped',
    'mark_doubled',
  ];

  it.each(IN_NAME_ONLY)('%s changes how the name is written, and nothing else', (damage) => {
    const damagedRows = labelled(`damaged.${damage}`);
    expect(damagedRows.length).toBeGreaterThan(0);
    for (const row of damagedRows) {
      const person = subjectOf(row);
      expect([person.fullName, person.fullName.toUpperCase()]).not.toContain(row.fullName);
      expect(folded(row.fullName)).toBe(folded(person.fullName));
      expect(row.idNumber).toBe(person.personalId);
      expect(saysDate(row, isoDate(person.born))).toBe(true);
    }
  });

  it('drops the middle name, turns the order round, or abbreviates', () => {
    for (const row of labelled('damaged.middle_missing')) {
      const parts = subjectOf(row).fullName.split(' ');
      expect(bare(row.fullName)).toBe(bare(`${parts[0]} ${parts.at(-1)}`));
    }
    for (const row of labelled('damaged.name_order')) {
      expect(bare(row.fullName).split(' ').toSorted()).toEqual(bare(subjectOf(row).fullName).split(' ').toSorted());
    }
    for (const row of labelled('damaged.abbreviated')) expect(row.fullName).toMatch(/^\p{L}{1,2}\. .*\S$/u);
  });

  it('leaves the residue of the old encodings', () => {
    const of = (label: Label) => labelled(label).map((row) => [subjectOf(row).fullName, row.fullName]);
    for (const [name, residue] of [...of('damaged.tcvn3'), ...of('damaged.vni')]) {
      expect(residue).not.toBe(name);
      expect(residue).toMatch(/^[\u0000-\u017F]*$/u);
    }
  });

  it('swaps day and month, keeps the year only, or says the first of January', () => {
    for (const row of labelled('damaged.day_month_swapped')) {
      const { year, month, day } = subjectOf(row).born;
      expect(saysDate(row, isoDate({ year, month: day, day: month }))).toBe(true);
      expect(saysDate(row, isoDate({ year, month, day }))).toBe(false);
    }
    for (const row of labelled('damaged.year_only')) expect(row.dateOfBirth).toBe(`${subjectOf(row).born.year}`);
    for (const row of labelled('damaged.first_of_january'))
      expect(saysDate(row, `${subjectOf(row).born.year}-01-01`)).toBe(true);
  });

  it('shows numbers that the person once had', () => {
    for (const row of labelled('damaged.old_cmnd')) expect(subjectOf(row).oldNumbers).toContain(row.idNumber);
    for (const row of labelled('damaged.superseded_id')) expect(subjectOf(row).formerId?.value).toBe(row.idNumber);
    for (const row of labelled('damaged.cmnd_zero_lost'))
      expect(subjectOf(row).oldNumbers).toContain(`0${row.idNumber}`);
    for (const row of labelled('damaged.id_decimal')) expect(row.idNumber).toBe(`${subjectOf(row).personalId}.0`);
    for (const row of labelled('damaged.id_grouped'))
      expect(row.idNumber.replaceAll(' ', '')).toBe(subjectOf(row).personalId);
  });

  it('makes invalid rows that nobody could read', () => {
    const readable = rows.filter(
      ({ label, idNumber, fullName, dateOfBirth }) =>
        label.startsWith('invalid') &&
        /^\d{12}$/u.test(idNumber) &&
        fullName.trim() !== '' &&
        /^((19|20)\d\d-\d\d-\d\d|\d\d\/\d\d\/(19|20)\d\d)$/u.test(dateOfBirth) &&
        !label.endsWith('date_impossible'),
    );
    expect(readable).toEqual([]);
  });
});

describe('the file', () => {
  it('has the default header and one line a row, with the truth beside it', async () => {
    const [path, truthPath] = [join(folder, 's.csv'), join(folder, 'truth.csv')];
    const counts = await writeSubscribersCsv(path, { ...OPTIONS, subscribers: 2_000, truthPath });
    expect(counts).toEqual(counted([...generateSubscribers({ ...OPTIONS, subscribers: 2_000 })]));
    const read = async (file: string) =>
      papaparse.parse<Record<string, string>>(await readFile(file, 'utf8'), { header: true, skipEmptyLines: true });
    const [file, truth] = [await read(path), await read(truthPath)];
    expect(file.errors).toEqual([]);
    expect(file.meta.fields).toEqual([...SUBSCRIBER_COLUMNS]);
    expect(file.data.length).toBe(2_000);
    expect(truth.data.map((row) => row.row_id)).toEqual(file.data.map((row) => row.row_id));
    expect(new Set(truth.data.map((row) => row.label))).toEqual(new Set(counts.keys()));
  });

  it('takes other headers, separator, line ends and a byte order mark', async () => {
    const path = join(folder, 'other.csv');
    await writeSubscribersCsv(path, {
      ...OPTIONS,
      subscribers: 50,
      telco: 'mobifone',
      headers: ['STT', 'SO_TB', 'SO_GTTT', 'HO_TEN', 'NGAY_SINH'],
      format: { separator: ';', crlf: true, bom: true },
    });
    const text = await readFile(path, 'utf8');
    expect(text.startsWith('\uFEFFSTT;SO_TB;SO_GTTT;HO_TEN;NGAY_SINH\r\n1;84')).toBe(true);
    expect(text.trimEnd().split('\r\n').length).toBe(51);
  });
});
