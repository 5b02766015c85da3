import { expect, it } from 'vitest';
import { deadLinks } from './links.ts';
import { PageError, readSteps } from './steps.ts';

const block = (kind: string, ...lines: string[]) => ['```'.concat(kind), ...lines, '```'].join('\n');

it('reads commands, promised exit codes and output of console blocks only', () => {
  const page = ['Text', block('sh', '$ npm ci'), block('console', '$ a b', 'out', '', '$ c  # exits 4', 'no')].join(
    '\n',
  );
  expect(readSteps(page)).toEqual([
    { line: 6, command: 'a b', exits: 0, background: false, output: [{ line: 7, text: 'out' }] },
    { line: 9, command: 'c  # exits 4', exits: 4, background: false, output: [{ line: 10, text: 'no' }] },
  ]);
});

it('takes a here-document as part of its command, and dev up as one that keeps running', () => {
  const steps = readSteps(block('console', "$ cat > f <<'END'", '$ 1', 'END', '$ npx lienthong dev up --data d', 'up'));
  expect(steps.map(({ command, background }) => [command, background])).toEqual([
    ["cat > f <<'END'\n$ 1\nEND", false],
    ['npx lienthong dev up --data d', true],
  ]);
});

it.each([
  ['```console\n$ a', 'line 1'],
  [block('console', 'a'), 'line 2'],
  [block('console', '$ cat <<END', 'a'), 'line 2'],
])('a block of another form is refused by its line: %j', (page, line) => {
  expect(() => readSteps(page)).toThrow(PageError);
  expect(() => readSteps(page)).toThrow(line);
});

it('finds links that lead nowhere', () => {
  const page = '[a](steps.ts) [b](none.md#x) [c](https://example.org/none) [d](#here)';
  expect(deadLinks(page, import.meta.dirname)).toEqual(['none.md']);
});
