import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KitError } from './kit-error.ts';
import { systemCode } from './system-code.ts';

it('an error that the system gave no code is told of in the language of its reader', () => {
  const said = (error: unknown) => new KitError('OUTPUT_UNWRITABLE', { file: 'out.csv', code: systemCode(error) });
  expect(said(Object.assign(new Error(), { code: 'ENOSPC' })).text('vi')).toContain('(ENOSPC)');
  for (const error of [new Error('a library’s'), undefined, { code: 7 }]) {
    expect([said(error).text('vi'), said(error).text('en')]).toEqual([
      expect.stringContaining('(không rõ)'),
      expect.stringContaining('(unknown)'),
    ]);
  }
});

it('no sentence of the connectors falls back to an English word', () => {
  const sources = readdirSync('connectors', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?!.*\.test(-support)?\.ts$).*\.ts$/.test(name),
  );
  expect(sources).toContain('kit/state-file.ts');
  expect(sources.filter((name) => readFileSync(join('connectors', name), 'utf8').includes("?? 'unknown'"))).toEqual([]);
});
