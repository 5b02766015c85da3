import { describe, expect, it } from 'vitest';
import { measuredAgain } from './again.ts';
import { type Figure, passes } from './figure.ts';

const figure = (ratio: number | null, name = 'sample'): Figure => ({
  name,
  ratio,
  value: 1,
  unit: 'rows/s',
  baseline: 1,
  gate: 0.2,
  goal: null,
  notes: ['of this run'],
});

/** Measures what it is given, run by run, and tells how often it was asked. */
async function measured(runs: readonly (readonly Figure[])[]) {
  const asked: number[] = [];
  const said: string[] = [];
  const figures = await measuredAgain(
    async (attempt) => {
      asked.push(attempt);
      return runs[attempt] ?? [];
    },
    (line) => said.push(line),
  );
  return { figures, asked, said };
}

describe('measuring again', () => {
  it('does not where all gates are reached', async () => {
    const { figures, asked, said } = await measured([[figure(0.2), figure(0.9, 'other')]]);
    expect(figures.map(({ ratio }) => ratio)).toEqual([0.2, 0.9]);
    expect([asked, said]).toEqual([[0], []]);
  });

  it('takes the middle one of three, which passes where only the first was bad', async () => {
    const { figures, asked, said } = await measured([[figure(0.1)], [figure(0.3)], [figure(0.25)]]);
    expect(figures.map(({ ratio }) => ratio)).toEqual([0.25]);
    expect(figures.every(passes)).toBe(true);
    expect(figures[0]?.notes).toEqual([
      'of this run',
      'measured 3 times, as the first was below its gate: 0.1×, 0.3×, 0.25×',
    ]);
    expect(figures[0]?.extra).toEqual({ measured: [0.1, 0.3, 0.25] });
    expect([asked, said]).toEqual([[0, 1, 2], ['sample below the gate: measured again']]);
  });

  it('fails where two of three are below, however good the third is', async () => {
    const { figures } = await measured([[figure(0.1)], [figure(9)], [figure(0.19)]]);
    expect(figures.map(({ ratio }) => ratio)).toEqual([0.19]);
    expect(figures.some(passes)).toBe(false);
  });

  it('leaves the figures beside it as they were, and takes what is not measured for the worst', async () => {
    const runs = [null, 0.3, Number.NaN].map((ratio) => [figure(ratio), figure(0.5, 'other')]);
    const { figures } = await measured(runs);
    expect(figures.map(passes)).toEqual([false, true]);
    expect(figures[1]?.notes).toEqual(['of this run']);
  });

  it('fails as the measuring fails', async () => {
    const broken = measuredAgain(
      async (attempt) => {
        if (attempt > 0) throw new Error('no room');
        return [figure(0.1)];
      },
      () => undefined,
    );
    await expect(broken).rejects.toThrow('no room');
  });
});
