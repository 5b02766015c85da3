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

/** The same with its offset: `27/03/2026 14:05 +07:00`. */
export function localTime(unixSeconds: number): string {
  return `${localMinute(unixSeconds)} +07:00`;
}
