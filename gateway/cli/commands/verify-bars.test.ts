import { expect, test } from 'vitest';
import type { Progress } from '../progress.ts';
import { verifyBars } from './verify-bars.ts';

const WORDS = { opening: 'Opening', reading: 'Reading', verifying: 'Verifying', earlier: 'Earlier' };

function listening() {
  const said: string[] = [];
  const totals: (number | undefined)[] = [];
  const progress: Progress = {
    note: (text) => void said.push(text),
    bar(title) {
      said.push(`${title} …`);
      const done = () => void said.push(`✓ ${title}`);
      return { to: (_done, total) => void totals.push(total), done, drop: () => undefined };
    },
  };
  return { said, totals, bars: verifyBars(progress, WORDS) };
}

test('the file is read once, however many batches are left of its last bytes', () => {
  const { said, bars } = listening();
  for (const bytesRead of [50, 100, 100, 100]) bars.onReading({ bytesRead, bytes: 100 });
  bars.note('waiting');
  bars.onReading({ bytesRead: 100, bytes: 100 });
  bars.onProgress({ rows: 5, carriedRows: 0, chunks: 1, bytesRead: 100, bytes: 100, resumedRows: 0 });
  bars.done('5 rows');
  expect(said).toEqual(['Reading …', '✓ Reading', 'Verifying …', 'waiting', 'Verifying …', '✓ Verifying']);
});

test('what is looked at before the first row is sent does not make the sending look done', () => {
  const { said, bars } = listening();
  bars.onReading({ bytesRead: 100, bytes: 100 });
  bars.onEarlier(3, 3);
  bars.onProgress({ rows: 5, carriedRows: 3, chunks: 1, bytesRead: 100, bytes: 100, resumedRows: 0 });
  bars.done('8 rows');
  expect(said).toEqual([
    ...['Reading …', '✓ Reading', 'Verifying …', 'Earlier …', '✓ Earlier', 'Verifying …', '✓ Verifying'],
  ]);
});

test('rows on the way when the last byte is read do not make the bar full', () => {
  const { totals, bars } = listening();
  const at = (rows: number, bytesRead: number) =>
    bars.onProgress({ rows, carriedRows: 0, chunks: 1, bytesRead, bytes: 100, resumedRows: 0 });
  at(40, 80);
  at(45, 100);
  at(50, 100);
  at(55, 100);
  expect(totals).toEqual([50, 50, 50, 55]);
});
