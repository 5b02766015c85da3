import type { JobProgress } from '../../../connectors/kit/job-runner.ts';
import type { ReadingProgress } from '../../../connectors/kit/learn/first-pass.ts';
import type { Bar, Progress } from '../progress.ts';

/**
 * The bars of a verification, one after the other: a workbook is made text, the file is read whole, and only then the first of its
 * rows is sent.
 */
export interface VerifyBars {
  onOpening(progress: ReadingProgress): void;
  onReading(progress: ReadingProgress): void;
  onEarlier(rows: number, total: number): void;
  onProgress(progress: JobProgress): void;
  /** A line of its own; the bar goes on below it. */
  note(text: string): void;
  done(note: string): void;
  drop(): void;
}

type Step = 'opening' | 'reading' | 'earlier' | 'verifying';

export function verifyBars(
  progress: Progress,
  words: Readonly<Record<Exclude<Step, 'earlier'>, string>> & { readonly earlier?: string },
): VerifyBars {
  let open: { readonly step: Step; readonly bar: Bar } | undefined;
  let wholeRead = false;
  /** Whether rows are sent: a bar that stood there only beforehand was not done. */
  let sending = false;
  let mostExpected = 0;
  function at(step: Step): Bar {
    if (open?.step === step) return open.bar;
    if (open?.step === 'verifying' && !sending) open.bar.drop();
    else open?.bar.done();
    open = { step, bar: progress.bar(words[step] ?? '') };
    return open.bar;
  }
  return {
    onOpening: ({ bytesRead, bytes }) => at('opening').to(bytesRead, bytes),
    onReading({ bytesRead, bytes }) {
      // Told once a batch, and several are still to come once the last bytes are read.
      if (wholeRead) return;
      at('reading').to(bytesRead, bytes);
      wholeRead = bytesRead >= bytes;
      if (wholeRead) at('verifying');
    },
    onEarlier(rows, total) {
      at('earlier').to(rows, total);
    },
    onProgress({ rows, carriedRows, bytesRead, bytes }) {
      const known = rows + carriedRows;
      sending = true;
      // Bytes are read before their rows are answered: of those on the way nothing is known but what was expected before.
      mostExpected = Math.max(known, bytesRead < bytes ? expectedRows(known, bytesRead, bytes) : mostExpected);
      at('verifying').to(known, mostExpected);
    },
    note(text) {
      open?.bar.drop();
      open = undefined;
      progress.note(text);
    },
    done: (note) => at('verifying').done(note),
    drop: () => open?.bar.drop(),
  };
}

/** Rows that the file will have, by what was read of it so far. */
export function expectedRows(rows: number, bytesRead: number, bytes: number): number {
  return bytesRead === 0 || bytesRead >= bytes ? rows : Math.max(rows, Math.round((rows * bytes) / bytesRead));
}
