import { expect, test } from 'vitest';
import type { Progress } from '../progress.ts';
import { verifyBars } from './verify-bars.ts';

test('the file is read once, however many batches are left of its last bytes', () => {
  const said: string[] = [];
  const progress: Progress = {
    note: (text) => void said.push(text),
    bar(title) {
      said.push(`${title} …`);
      return { to: () => undefined, done: () => void said.push(`✓ ${title}`), drop: () => undefined };
    },
  };
  const bars = verifyBars(progress, { opening: 'Opening', reading: 'Reading', verifying: 'Verifying' });
  for (const bytesRead of [50, 100, 100, 100]) bars.onReading({ bytesRead, bytes: 100 });
  bars.note('waiting');
  bars.onReading({ bytesRead: 100, bytes: 100 });
  bars.onProgress({ rows: 5, carriedRows: 0, chunks: 1, bytesRead: 100, bytes: 100, resumedRows: 0 });
  bars.done('5 rows');
  expect(said).toEqual(['Reading …', '✓ Reading', 'Verifying …', 'waiting', 'Verifying …', '✓ Verifying']);
});
