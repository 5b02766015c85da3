/**
 * Whether a code that an agency chose may hold a number of a person. Such codes stand in clear in entries of the log, which nothing
 * takes out again: not the erasure of the person either. What is looked for is the habit of using somebody's number as a file number, in
 * the ways in which people write one; whoever hides it on purpose is not found, nor is a name.
 */

/** Of a CMND. A code of social insurance or a telephone have 10, a telephone with 84 has 11, a personal ID 12. */
const SHORTEST = 9;
const LONGEST = 12;

/** 16 bytes in hexadecimal, as a UUID or at a stretch. */
const SIXTEEN_BYTES =
  /(?<![A-Za-z0-9])[0-9a-f]{8}(?:-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24})(?![A-Za-z0-9])/gi;

/**
 * Codes of the public services: a body (`000.00.01.H29`, `G01.899.108.000`), before it a procedure (`1.011442`), after it the day and
 * the running number of a file (`000.00.01.H29-240115-0001`). No personal ID of a province begins like a year from 15 on.
 */
const PUBLIC_SERVICE =
  /(?<![A-Za-z0-9])(?:\d\.\d{6}\.)?(?:\d{3}\.\d\d\.\d\d\.)?[A-Z]\d\d(?:\.\d{1,3}){0,3}(?:-(?:1[5-9]|[2-5]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{1,8})?(?![A-Za-z0-9])/g;

const YEAR = '(?:19|20)\\d\\d';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
/** What stands between separators, a date of several groups as one: `2026 11 30`, `30 11 2026`, `2026 11`, `11 2026`. */
const GROUP = new RegExp(
  `(?<!\\d)(?:${YEAR} ${MONTH}(?: ${DAY})?|(?:${DAY} )?${MONTH} ${YEAR}(?! ${MONTH}(?!\\d)))(?!\\d)|\\d+`,
  'g',
);
/** A year or a date. */
const DATE = new RegExp(`^(?:${YEAR}|${YEAR}${MONTH}${DAY}|${DAY}${MONTH}${YEAR}|.* .*)$`);
/** A date with the time of day to the second. */
const MOMENT = new RegExp(`^${YEAR}${MONTH}${DAY}(?:[01]\\d|2[0-3])[0-5]\\d[0-5]\\d$`);
/** A personal ID by fours, a mobile number as 090-123-4567: one of these fours may read like a year. */
const USUAL = /(?<!\d)(?:\d{4} \d{4} \d{4}|0[35789]\d \d{3} \d{4})(?!\d)/;

/**
 * True for nine digits or more in a row, or nine to twelve with nothing but separators between them. Not for a date with or without the
 * time, for a year or date that stands apart among them (`HS-2026-000123`, `20261130-0001`), for 16 random bytes in hexadecimal, and
 * for codes of the public services. A year takes nothing from what is written as people write their numbers.
 */
export function mayHoldPersonsNumber(text: string): boolean {
  if (!hasDigits(text, SHORTEST)) return false;
  const rest = text.replace(SIXTEEN_BYTES, withoutRandom).replace(PUBLIC_SERVICE, 'X');
  return rest.split(/\p{L}+/u).some((stretch) => {
    const groups = (stretch.match(/\d+/g) ?? []).join(' ');
    return USUAL.test(groups) || runsLikeOne(groups.match(GROUP) ?? []);
  });
}

/** Digits alone are no random id, but a number with zeros before it. */
const withoutRandom = (id: string) => (/[a-f]/i.test(id) ? 'X' : id);

function runsLikeOne(groups: readonly string[]): boolean {
  return groups.some((group, first) => {
    if (isLong(group)) return true;
    let digits = 0;
    for (let end = first; end < groups.length && digits < LONGEST; end++) {
      digits += lengthOf(groups[end] ?? '');
      if (digits >= SHORTEST && digits <= LONGEST && !groups.slice(first, end + 1).some(isDate)) return true;
    }
    return false;
  });
}

/** Of the digits in a group. */
const lengthOf = (group: string) => group.replaceAll(' ', '').length;

const isLong = (group: string) => lengthOf(group) >= SHORTEST && !MOMENT.test(group);

const isDate = (group: string) => DATE.test(group);

/** Most codes are done with here. */
function hasDigits(text: string, least: number): boolean {
  let digits = 0;
  for (let i = 0; i < text.length && digits < least; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) digits++;
  }
  return digits >= least;
}
