import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../connectors/kit/messages.ts';
import { createProgress } from './progress.ts';

function watched({ isTTY = false, language = 'en' as Language } = {}) {
  const said: string[] = [];
  const stderr = Object.assign(
    new Writable({
      write(piece, _encoding, done) {
        said.push(String(piece));
        done();
      },
    }),
    { isTTY, columns: 100 },
  );
  let time = 0;
  const progress = createProgress({ stderr }, language, { now: () => time });
  return {
    said,
    progress,
    at: (ms: number) => {
      time = ms;
    },
  };
}

describe('without a terminal', () => {
  test('a line every ten seconds and one at the end', () => {
    const { said, progress, at } = watched();
    const bar = progress.bar('Importing', 1000);
    for (let ms = 1000; ms <= 25_000; ms += 1000) {
      at(ms);
      bar.to(ms / 100);
    }
    bar.done('all of it');
    expect(said).toEqual([
      '  Importing: 100 of 1,000\n',
      '  Importing: 200 of 1,000\n',
      `✓ ${'Importing'.padEnd(46)}  25.0 s  all of it\n`,
    ]);
  });

  test('a total that is not known is left out; one that becomes known is shown', () => {
    const { said, progress, at } = watched();
    const bar = progress.bar('Reading');
    at(10_000);
    bar.to(5);
    at(20_000);
    bar.to(7, 70);
    expect(said).toEqual(['  Reading: 5\n', '  Reading: 7 of 70\n']);
  });

  test('nothing more is said of work that was dropped, and nothing twice', () => {
    const { said, progress, at } = watched();
    const dropped = progress.bar('A');
    dropped.drop();
    at(60_000);
    dropped.to(1);
    dropped.done();
    const done = progress.bar('B');
    done.done();
    done.drop();
    done.done();
    expect(said).toHaveLength(1);
  });
});

test('on a terminal the bar goes away and its line stays', () => {
  const { said, progress } = watched({ isTTY: true });
  const bar = progress.bar('Importing', 10);
  bar.to(5);
  bar.done();
  expect(said.at(-1)).toMatch(/^✓ Importing/);
  expect(said.join('')).toContain('of 10');
  bar.done();
  expect(said.filter((text) => text.startsWith('✓'))).toHaveLength(1);
});

test.each([
  ['en', '30,000 of 5,000,000', '25.0 s'],
  ['vi', '30.000 trên 5.000.000', '25,0 s'],
] as const)('the numbers of a bar and of a line are those of the language: %s', (language, far, took) => {
  for (const isTTY of [false, true]) {
    const { said, progress, at } = watched({ isTTY, language });
    const bar = progress.bar('Importing', 5_000_000);
    at(25_000);
    bar.to(30_000);
    bar.done();
    expect(said.join('')).toContain(far);
    expect(said.at(-1)).toContain(took);
  }
});
