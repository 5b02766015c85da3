import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullDate } from '../../test/golden/matching/arbitraries.ts';
import { fromDayNumber, fromMoment } from './birth-moments.ts';
import { fromTime, readWords } from './birth-words.ts';
import { parseBirthDate } from './parse-birth-date.ts';

/** Days of every era of Viet Nam's clocks, with the hour (UTC) at which each began. */
const MIDNIGHTS: readonly [packed: number, utc: string][] = [
  [19120307, '1912-03-06T17:00:00Z'],
  [19430307, '1943-03-06T16:00:00Z'],
  [19450406, '1945-04-05T15:00:00Z'],
  [19460307, '1946-03-06T17:00:00Z'],
  [19500307, '1950-03-06T16:00:00Z'],
  [19570307, '1957-03-06T17:00:00Z'],
  [19650307, '1965-03-06T16:00:00Z'],
  [19750612, '1975-06-11T16:00:00Z'],
  [19750613, '1975-06-12T17:00:00Z'],
  [19850307, '1985-03-06T17:00:00Z'],
  [20000101, '1999-12-31T17:00:00Z'],
  [20040229, '2004-02-28T17:00:00Z'],
];

test.each(MIDNIGHTS)('midnight of %d in Viet Nam is %s, in every print', (packed, utc) => {
  const ms = Date.parse(utc);
  for (const text of [
    utc,
    utc.replace('Z', '.000Z'),
    utc.replace('T', ' ').replace('Z', ' UTC'),
    utc.replace('Z', '+00:00'),
    String(ms),
    `/Date(${ms})/`,
  ]) {
    expect(parseBirthDate(text).value, text).toBe(packed);
  }
  if (Math.abs(ms / 1000) >= 1e8) expect(parseBirthDate(String(ms / 1000)).value).toBe(packed);
});

test('before 1911 the clocks were 7:06:30 ahead', () => {
  expect(parseBirthDate('1910-03-06T16:53:30Z').value).toBe(19100307);
});

test('a time of its own leaves the day alone', () => {
  for (const time of ['00:00', '01:00:00', '08:30', '12:00 AM', '14:05', '17:30', '23:59']) {
    expect(parseBirthDate(`1985-03-07 ${time}`).value, time).toBe(19850307);
  }
  expect(fromTime('1985-03-07')).toEqual({ text: '1985-03-07', reasons: 0, nextDay: false });
});

test('an exponent is written out: with fewer digits than a day has it is refused, with more it has a time', () => {
  const days = fc.integer({ min: 10_000, max: 59_999 });
  fc.assert(
    fc.property(days, fc.stringMatching(/^\d{0,8}$/), (day, time) => {
      const [whole, short] = [String(day), String(day).slice(1, -1)];
      const plain = parseBirthDate(time === '' ? whole : `${whole}.${time}`);
      expect(parseBirthDate(`${whole[0]}.${whole.slice(1)}${time}E+04`)).toEqual(plain);
      expect(parseBirthDate(`${whole[0]}.${short}E+04`)).toMatchObject({ value: 0, problem: 'BIRTH_DATE_FORMAT' });
    }),
  );
});

test('a day number with a time is read as that day with that time written out', () => {
  const seconds = fc.oneof(
    fc.nat(86_397),
    fc.nat(1439).map((minute) => minute * 60),
    fc.nat(23).map((hour) => hour * 3600),
  );
  fc.assert(
    fc.property(fullDate, seconds, fc.integer({ min: 7, max: 15 }), (packed, second, digits) => {
      const [year, month, day] = [Math.floor(packed / 10_000), Math.floor(packed / 100) % 100, packed % 100];
      const serial = Date.UTC(year, month - 1, day) / 86_400_000 + 25_569;
      fc.pre(serial >= 10_000 && serial < 60_000);
      const two = (n: number): string => String(n).padStart(2, '0');
      const clock = [second / 3600, (second / 60) % 60, second % 60].map((n) => two(Math.floor(n))).join(':');
      const written = parseBirthDate(`${year}-${two(month)}-${two(day)} ${clock}`);
      const numbered = parseBirthDate((serial + second / 86_400).toFixed(digits));
      // A second that this notation cannot tell from a full hour counts as one.
      const besideHour = (second + 1) % 3600 <= 2 && second % 3600 !== 0;
      if (second > 0 && !besideHour) expect([clock, numbered.value]).toEqual([clock, written.value]);
    }),
    { numRuns: 1000 },
  );
  expect(fromDayNumber('31133')).toBeUndefined();
  expect(fromDayNumber('131132.7083333')).toBeUndefined();
});

test('what is no moment is none', () => {
  for (const text of ['', '1985', '07031985', '1985-03-07', 'abc', '123456789012345'])
    expect(fromMoment(text)).toBeUndefined();
});

test.each([
  ['27 tháng 3 năm 1985', '27/3/1985'],
  ['27 thg 3, 1985', '27/3/1985'],
  ['27-Thg3-1985', '27/3/1985'],
  ['27 tháng chạp 1985', '27/12/1985'],
  ['27 tháng giêng 1985', '27/1/1985'],
  ['27-Mar-85', '27/3/85'],
  ['Sept 27th, 1985', '1985-9-27'],
  ['1985 March 27', '1985-3-27'],
  ['March 1985', '3/1985'],
  ['27.XII.1985', '27/12/1985'],
  ['Ngày sinh: 27/03/1985', '27/03/1985'],
  ['xx/xx/1985', '00/00/1985'],
])('%j says %s', (text, numbers) => expect(readWords(text).text).toBe(numbers));

test.each([
  ...Array.from({ length: 12 }, (_, i): [string, number] => [`15 tháng ${i + 1} năm 1985`, 19850015 + 100 * (i + 1)]),
  ...'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'
    .split(' ')
    .map((m, i): [string, number] => [`15-${m}-1985`, 19850015 + 100 * (i + 1)]),
  ...'I II III IV V VI VII VIII IX X XI XII'
    .split(' ')
    .map((m, i): [string, number] => [`15/${m}/1985`, 19850015 + 100 * (i + 1)]),
])('%s', (text, packed) => expect(parseBirthDate(text).value).toBe(packed));
