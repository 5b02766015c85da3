import { createRequire } from 'node:module';
import type CliProgress from 'cli-progress';
import type { Language } from '../../connectors/kit/messages.ts';
import { count, seconds } from './numbers.ts';
import { sayable } from './sayable.ts';
import type { Terminal } from './terminal.ts';

/** One piece of work that is watched. */
export interface Bar {
  /** How far it is; `total` where it became known or changed. */
  to(done: number, total?: number): void;
  /** It is done: its line stays with the time it took. */
  done(note?: string): void;
  /** It ended in an error or an interruption: nothing more is written. */
  drop(): void;
}

export interface Progress {
  /** Work with a number of things to do; 0 where that is not known. */
  bar(title: string, total?: number): Bar;
  /** A line of its own. */
  note(text: string): void;
}

const LINE_EVERY_MS = 10_000;
const TITLE_WIDTH = 46;
const BAR_WIDTH = 24;

/**
 * Progress on standard error: a bar on a terminal, else a line every ten seconds and one at the end. One bar at a time;
 * what runs beside it tells of itself with `note`.
 */
export function createProgress(
  { stderr }: Pick<Terminal, 'stderr'>,
  language: Language,
  { quiet = false, now = () => performance.now() }: { quiet?: boolean; now?: () => number } = {},
): Progress {
  const write = (text: string) => void (quiet || stderr.write(`${sayable(text)}\n`));
  return {
    note: write,
    bar(title, total = 0) {
      const from = now();
      const last = (note: string | undefined) =>
        write(
          `✓ ${title.padEnd(TITLE_WIDTH)} ${seconds(now() - from, language).padStart(7)}${note === undefined ? '' : `  ${note}`}`,
        );
      return !quiet && stderr.isTTY === true
        ? terminalBar(stderr, title, total, last, language)
        : lineBar(title, total, write, last, now, language);
    },
  };
}

const OF: Readonly<Record<Language, string>> = { en: 'of', vi: 'trên' };

const far = (done: number, whole: number, language: Language): string =>
  `${count(done, language)} ${OF[language]} ${count(whole, language)}`;

type Last = (note: string | undefined) => void;

/** Loaded where a bar is drawn: whoever writes into a file or a pipe does not wait for it. */
const require = createRequire(import.meta.url);

function terminalBar(stream: Terminal['stderr'], title: string, total: number, last: Last, language: Language): Bar {
  const cliProgress = require('cli-progress') as typeof CliProgress;
  const bar = new cliProgress.SingleBar(
    {
      stream: stream as NodeJS.WriteStream,
      format: (_options, { value, total: whole }) => {
        const share = whole > 0 ? Math.min(1, value / whole) : 0;
        const filled = Math.round(share * BAR_WIDTH);
        const numbers = whole > 1 ? far(value, whole, language) : '';
        return `  ${title.padEnd(TITLE_WIDTH)} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${numbers}`;
      },
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      // cli-progress would end the bar at signals; the command itself decides when.
      gracefulExit: false,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(Math.max(1, total), 0);
  let open = true;
  const stop = () => {
    if (open) bar.stop();
    open = false;
  };
  return {
    to(done, whole) {
      if (!open) return;
      if (whole !== undefined) bar.setTotal(Math.max(1, whole));
      bar.update(done);
    },
    done(note) {
      if (!open) return;
      stop();
      last(note);
    },
    drop: stop,
  };
}

function lineBar(
  title: string,
  total: number,
  write: (text: string) => void,
  last: Last,
  now: () => number,
  language: Language,
): Bar {
  let told = now();
  let whole = total;
  let open = true;
  return {
    to(done, known) {
      whole = known ?? whole;
      if (!open || now() - told < LINE_EVERY_MS) return;
      told = now();
      write(`  ${title}: ${whole > 0 ? far(done, whole, language) : count(done, language)}`);
    },
    done(note) {
      if (open) last(note);
      open = false;
    },
    drop() {
      open = false;
    },
  };
}
