/** Dates as a careful program without a matcher reads them; for the yardsticks. */

const FORMS: readonly (readonly [RegExp, readonly [year: number, month: number, day: number]])[] = [
  [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/u, [1, 2, 3]],
  [/^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/u, [3, 2, 1]],
  [/^((?:19|20)\d{2})(\d{2})(\d{2})$/u, [1, 2, 3]],
  [/^(\d{2})(\d{2})((?:19|20)\d{2})$/u, [3, 2, 1]],
  [/^(\d{4})-(\d{2})$/u, [1, 2, 0]],
  [/^(\d{1,2})\/(\d{4})$/u, [2, 1, 0]],
  [/^(\d{4})$/u, [1, 0, 0]],
];

/** YYYYMMDD with 00 for parts that are not there; 0 for what it cannot read. ISO or day first, any of `- / .`, or eight digits. */
export function readPlainDate(text: string): number {
  const trimmed = text.trim();
  for (const [form, [year, month, day]] of FORMS) {
    const parts = form.exec(trimmed);
    if (parts === null) continue;
    const of = (place: number): number => (place === 0 ? 0 : Number(parts[place]));
    if (of(month) <= 12 && of(day) <= 31) return of(year) * 10_000 + of(month) * 100 + of(day);
  }
  return 0;
}
