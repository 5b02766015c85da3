/** Dates by their form alone, in any encoding: digits and `/`, `.` or `-`. Reading them is the gateway's. */
export type DateShape =
  /** `27/03/1985`: two parts before a year, in an order that the file decides. */
  | { readonly form: 'year-last'; readonly first: number; readonly second: number; readonly year: number }
  /** `1985-03-27`, `19850327` or `27031985`: the order is plain. */
  | { readonly form: 'plain'; readonly month: number; readonly day: number; readonly year: number }
  /** `31133`: a day number of a spreadsheet. */
  | { readonly form: 'day-number'; readonly days: number };

const THREE = /^\s*(\d{1,4})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?:$|[\sT])/;
const ONE = /^\s*(\d{4,8})\s*$/;
/** Years of births that are written: a number among them is a year and no day number. */
const [FIRST_YEAR, LAST_YEAR] = [1890, 2100];

/** The form of a cell; undefined for one that is no whole date. */
export function dateShape(text: string): DateShape | undefined {
  const three = THREE.exec(text);
  if (three !== null) return threeParts(three[1] ?? '', three[3] ?? '', three[4] ?? '');
  const digits = ONE.exec(text)?.[1];
  if (digits === undefined) return undefined;
  if (digits.length === 8) return eightDigits(digits);
  const days = Number(digits);
  if (digits.length > 5 || (days >= FIRST_YEAR && days <= LAST_YEAR)) return undefined;
  return { form: 'day-number', days };
}

function threeParts(a: string, b: string, c: string): DateShape | undefined {
  if (a.length === 4 && c.length <= 2) return { form: 'plain', year: Number(a), month: Number(b), day: Number(c) };
  if (a.length > 2 || c.length !== 4) return undefined;
  return { form: 'year-last', first: Number(a), second: Number(b), year: Number(c) };
}

/** Year first where that can be, as the published profile reads it. */
function eightDigits(text: string): DateShape {
  const [front, back] = [Number(text.slice(0, 4)), Number(text.slice(4))];
  if (front >= FIRST_YEAR && front <= LAST_YEAR && back <= 1231) {
    return { form: 'plain', year: front, month: Math.floor(back / 100), day: back % 100 };
  }
  return { form: 'plain', year: back, month: front % 100, day: Math.floor(front / 100) };
}
