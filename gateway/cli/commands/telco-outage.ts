import type { Language } from '../../../connectors/kit/messages.ts';
import type { Outage } from '../../../connectors/kit/patience.ts';
import { machineMinute } from '../local-time.ts';
import { CliProblem, fill } from '../problem.ts';

const WORDS = {
  en: {
    away: 'The gateway has not answered since {since}: trying again until {until}. Ctrl-C stops; the same command goes on.',
    back: 'The gateway answers again.',
  },
  vi: {
    away: 'Cổng không trả lời từ {since}: sẽ thử lại đến {until}. Ctrl-C để dừng; chạy lại lệnh này để tiếp tục.',
    back: 'Cổng đã trả lời lại.',
  },
} as const;

/** What is said when the gateway goes away, and when it is back; in this machine's time, as `--window` is. */
export function outageLine(outage: Outage | undefined, language: Language): string {
  const words = WORDS[language];
  if (outage === undefined) return words.back;
  return fill(words.away, { since: machineMinute(outage.since), until: machineMinute(outage.until) });
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000 };
/** A job that nothing is sent to for that long is gone. */
const MOST_MS = 72 * 3_600_000;

/** The time of --keep-trying, milliseconds. Throws CliProblem OPTION_WRONG. */
export function parseKeepTrying(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number = '', unit = ''] = /^(\d{1,4})([hm])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms === 0 || ms > MOST_MS)
    throw new CliProblem('OPTION_WRONG', {
      option: '--keep-trying',
      wanted: 'minutesOrHours',
    });
  return ms;
}
