/** Times as people here see them: Viet Nam's, whatever this machine's zone is. */

const ZONE = 'Asia/Ho_Chi_Minh';
const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric' });
const MINUTE = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' },
});

export const DAY_S = 86_400;
const OFFSET_S = 7 * 3600;

/** Unix seconds → `27/03/2026` */
export function day(unixSeconds: number | bigint): string {
  return DAY.format(new Date(Number(unixSeconds) * 1000));
}

/** Unix seconds → `27/03/2026 14:05` */
export function minute(unixSeconds: number | bigint): string {
  return MINUTE.format(new Date(Number(unixSeconds) * 1000)).replace(',', '');
}

/** Machine-readable, for the attribute `datetime`. */
export function iso(unixSeconds: number | bigint): string {
  return new Date(Number(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
}

/** A month as people write it (`2026-03`, `3/2026`, `03-2026`) → `2026-03`. Undefined where it is none of this century. */
export function readMonth(text: string): string | undefined {
  const [, year, month] = /^(20\d{2})[-/](\d{1,2})$/.exec(text.trim()) ?? [];
  const [, before, after] = /^(\d{1,2})[-/](20\d{2})$/.exec(text.trim()) ?? [];
  const read = `${year ?? after}-${(month ?? before)?.padStart(2, '0')}`;
  return monthOf(read) === undefined ? undefined : read;
}

/** `2026-03` → its first moment and the one after its last, unix seconds, in Viet Nam. Undefined where it is no month. */
export function monthOf(text: string): { readonly from: number; readonly until: number } | undefined {
  const [, year, month] = /^(20\d{2})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const first = (months: number) => Date.UTC(Number(year), months, 1) / 1000 - OFFSET_S;
  return { from: first(Number(month) - 1), until: first(Number(month)) };
}

/** The midnight of Viet Nam at which the day so many days from now is over. */
export function endOfDay(unixSeconds: number, days: number): number {
  const today = Math.floor((unixSeconds + OFFSET_S) / DAY_S);
  return (today + days + 1) * DAY_S - OFFSET_S;
}
