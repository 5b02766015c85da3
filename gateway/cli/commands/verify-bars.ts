import type { JobProgress } from '../../../connectors/kit/job-runner.ts';
import type { ReadingProgress } from '../../../connectors/kit/learn/first-pass.ts';
import type { Bar, Progress } from '../progress.ts';

/** The two bars of a verification, one after the other: the file is read whole before the first of its rows is sent. */
export interface VerifyBars {
  onReading(progress: ReadingProgress): void;
  onProgress(progress: JobProgress): void;
  /** A line of its own; the bar goes on below it. */
  note(text: string): void;
  done(note: string): void;
  drop(): void;
}

export function verifyBars(
  progress: Progress,
  words: { readonly reading: string; readonly verifying: string },
): VerifyBars {
  const reading = progress.bar(words.reading);
  let verifying: Bar | undefined;
  function second(): Bar {
    reading.done();
    verifying ??= progress.bar(words.verifying);
    return verifying;
  }
  return {
    onReading({ bytesRead, bytes }) {
      reading.to(bytesRead, bytes);
      if (bytesRead >= bytes) second();
    },
    onProgress: ({ rows, bytesRead, bytes }) => second().to(rows, expectedRows(rows, bytesRead, bytes)),
    note(text) {
      reading.done();
      verifying?.drop();
      verifying = undefined;
      progress.note(text);
    },
    done: (note) => second().done(note),
    drop() {
      reading.drop();
      verifying?.drop();
    },
  };
}

/** Rows that the file will have, by what was read of it so far. */
export function expectedRows(rows: number, bytesRead: number, bytes: number): number {
  return bytesRead === 0 || bytesRead >= bytes ? rows : Math.max(rows, Math.round((rows * bytes) / bytesRead));
}
