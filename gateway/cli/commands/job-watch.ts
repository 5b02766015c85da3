import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { fileBytes } from '../../../connectors/kit/csv-read.ts';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { followJob, type JobChange } from '../../../connectors/kit/follow-job.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { purposeOf } from '../../../connectors/kit/profile.ts';
import { pause } from '../../../connectors/kit/retry.ts';
import { JobState, VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import {
  attach,
  type Cli,
  type CommandContext,
  jsonOf,
  PROFILE_OPTION,
  type ProfileOptions,
  PURPOSE_OPTION,
  profileOf,
  wholeNumber,
} from '../cli.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { jobTable, totalsTable } from './job-tables.ts';
import { STATE_WORDS, WATCH_WORDS } from './job-words.ts';

interface WatchOptions extends ProfileOptions {
  readonly rows?: string;
  readonly file?: string;
  readonly every?: string;
  readonly purpose?: string;
}

/** `job watch ID` */
export function addJobWatch(group: Command, cli: Cli): void {
  const watch = group
    .command('watch')
    .description('follows a job until it is over, and ends with the exit code that its end has')
    .argument('<id>', '32 hexadecimal digits')
    .option('--rows <n>', 'rows that the file has: for the time left')
    .option('--file <file>', 'the file that is verified: its lines are counted for the time left')
    .option('--every <seconds>', 'between two questions, up to eight times as long while nothing moves (default: 5)')
    .option(...PURPOSE_OPTION)
    .option(...PROFILE_OPTION);
  attach<WatchOptions>(cli, watch, watchJob);
}

/** What the end of a job means to a script; a paused one waits for the operator. */
export const END_CODES: Readonly<Partial<Record<JobState, ExitCode>>> = {
  [JobState.DONE]: EXIT_CODES.COMPLETE,
  [JobState.CANCELLED]: EXIT_CODES.REFUSED,
  [JobState.EXPIRED]: EXIT_CODES.REFUSED,
  [JobState.PAUSED]: EXIT_CODES.REFUSED,
};

const MOST_ROWS = 999_999_999_999;
const AN_HOUR = 3600;
const USUAL_EVERY = 5;
/** A gateway that is being restarted is waited for. */
const RETRY_FOR_MS = 60_000;
const LINE_EVERY_MS = 10_000;
const NARROWEST = 80;

async function watchJob(context: CommandContext, [jobId = '']: readonly string[], options: WatchOptions) {
  const { terminal, settings } = context;
  const { signal } = terminal;
  const every = wholeNumber('--every', options.every, 1, AN_HOUR) ?? USUAL_EVERY;
  const stated = wholeNumber('--rows', options.rows, 1, MOST_ROWS);
  const expected = stated ?? (options.file === undefined ? undefined : await linesOf(options.file, signal));
  const profile = await profileOf(terminal, options);
  const request = { context: { purpose: purposeOf(profile, options.purpose) }, jobId };
  const client = createSignedClient(profile);
  const live = liveLine(context);
  try {
    const changes = followJob({
      async ask() {
        const limits = { signal, retryForMs: RETRY_FOR_MS };
        const { message } = await client.unary(VerificationService.method.getJob, request, limits);
        if (message.job === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_JOB' });
        return message.job;
      },
      wait: (ms) => pause(ms, signal),
      now: () => performance.now(),
      everyMs: every * 1000,
    });
    for await (const change of changes) {
      if (settings.json) terminal.stdout.write(`${jsonOf(changeJson(change, expected), false)}\n`);
      else live.show(changeLine(change, expected, settings.language), change.over);
      if (!change.over) continue;
      live.end();
      tellEnd(context, change);
      return END_CODES[change.job.state] ?? EXIT_CODES.UNAVAILABLE;
    }
    return EXIT_CODES.UNAVAILABLE;
  } finally {
    live.end();
    client.close();
  }
}

/** The data lines of a file. A line break within a quoted cell counts as well: good enough to guess the time left by. */
async function linesOf(path: string, signal: AbortSignal): Promise<number> {
  let lines = 0;
  let last = 0x0a;
  for await (const piece of fileBytes(path)) {
    if (signal.aborted) throw new KitError('INTERRUPTED');
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) lines++;
    last = piece.at(-1) ?? last;
  }
  return Math.max(0, lines + (last === 0x0a ? 0 : 1) - 1);
}

/** One change for programs; what is not known is left out. */
export function changeJson({ job, rate, over }: JobChange, expected: number | undefined) {
  const left = secondsLeft(Number(job.rows), rate, expected);
  return {
    job_id: job.jobId,
    state: JobState[job.state],
    over,
    rows: Number(job.rows),
    chunks: Number(job.chunks),
    active_at: Number(job.activeAt),
    ...(expected === undefined ? {} : { rows_expected: expected }),
    ...(rate === undefined ? {} : { rows_per_second: Math.round(rate) }),
    ...(left === undefined || over ? {} : { seconds_left: left }),
  };
}

/** One change for people. Example: `OPEN  1,228,800 of 5,000,000 rows (24 %), 41,200 rows a second, 1 min 32 s left`. */
export function changeLine({ job, rate, over }: JobChange, expected: number | undefined, language: Language): string {
  const words = WATCH_WORDS[language];
  const rows = Number(job.rows);
  const known =
    expected === undefined ? {} : { total: count(expected, language), share: String(shareOf(rows, expected)) };
  const parts = [fill(expected === undefined ? words.rows : words.rowsOf, { rows: count(rows, language), ...known })];
  if (rate !== undefined && !over) parts.push(fill(words.rate, { rate: count(rate, language) }));
  const left = over ? undefined : secondsLeft(rows, rate, expected);
  if (left !== undefined) parts.push(fill(words.left, { time: duration(left) }));
  return `${JobState[job.state]}  ${parts.join(', ')}`;
}

const shareOf = (rows: number, expected: number): number => Math.min(100, Math.floor((100 * rows) / expected));

function secondsLeft(rows: number, rate: number | undefined, expected: number | undefined): number | undefined {
  if (expected === undefined || rate === undefined || rate <= 0 || rows > expected) return undefined;
  return Math.ceil((expected - rows) / rate);
}

/** 5025 → `1 h 23 min`; 92 → `1 min 32 s` */
export function duration(seconds: number): string {
  const [h, min, s] = [Math.floor(seconds / AN_HOUR), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h} h ${min} min`;
  return min > 0 ? `${min} min ${s} s` : `${s} s`;
}

/** One line on a terminal, written over; elsewhere a line when the state changes, and else every ten seconds. */
function liveLine({ terminal, settings }: CommandContext) {
  const { stderr } = terminal;
  const onTerminal = stderr.isTTY === true && !settings.json;
  let open = false;
  let told = Number.NEGATIVE_INFINITY;
  let state = '';
  return {
    show(line: string, over: boolean): void {
      if (onTerminal) {
        // A line that wraps could not be written over.
        stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns ?? NARROWEST) - 1)}`);
        open = true;
        return;
      }
      const now = line.slice(0, line.indexOf(' '));
      if (now === state && !over && performance.now() - told < LINE_EVERY_MS) return;
      [state, told] = [now, performance.now()];
      stderr.write(`${line}\n`);
    },
    end(): void {
      if (open) stderr.write('\n');
      open = false;
    },
  };
}

function tellEnd({ say, settings, terminal }: CommandContext, { job }: JobChange): void {
  const { language } = settings;
  const width = widthOf(terminal.stdout);
  say(jobTable([job], language, width));
  if (job.totals.length > 0) say(totalsTable(job, language, width));
  say(wrap(STATE_WORDS[language][job.state] ?? '', width).join('\n'));
}
