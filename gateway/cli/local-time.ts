const FORMAT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** Unix seconds as people see times here: `27/03/2026 14:05`, Vietnamese time. */
export function localMinute(unixSeconds: number): string {
  return FORMAT.format(new Date(unixSeconds * 1000)).replace(',', '');
}

/** The day alone: `27/03/2026`. */
export const localDay = (unixSeconds: number): string => localMinute(unixSeconds).slice(0, 10);

/** The same as {@link localMinute} with its offset: `27/03/2026 14:05 +07:00`. */
export function localTime(unixSeconds: number): string {
  return `${localMinute(unixSeconds)} +07:00`;
}

/** {@link localTime} of a moment in RFC 3339, as files and programs have it; a text that is none stays as it is. */
export function localTimeOf(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : localTime(at / 1000);
}

const two = (part: number): string => String(part).padStart(2, '0');

/** A moment by this machine's clock, for what is set by that: `22:00 28/11/2026`. */
export function machineMinute(at: Date): string {
  const day = `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;
  return `${two(at.getHours())}:${two(at.getMinutes())} ${day}`;
}
