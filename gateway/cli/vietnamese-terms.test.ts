import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CATALOGUE } from '../errors/catalogue.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SPEAK = ['gateway/cli', 'gateway/errors', 'connectors'];

/** What a word is mistaken for, and what is said instead. */
const MISTAKEN: Readonly<Record<string, { readonly not: RegExp; readonly but: string }>> = {
  '“lệnh sau” is the command that follows': { not: /lệnh sau[.:]/i, but: 'chạy lại lệnh này' },
};

const sources = SPEAK.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map((path) => ({ path: `${folder}/${path}`, lines: readFileSync(join(ROOT, folder, path), 'utf8').split('\n') })),
);

describe('the Vietnamese of commands and refusals', () => {
  test.each(Object.entries(MISTAKEN))('%s', (_why, { not, but }) => {
    const found = sources.flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (not.test(line) ? [`${path}:${at + 1} ${line.trim()} → ${but}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test('a signature ahead of the server’s clock is told as later than it, not as earlier', () => {
    const { vi } = CATALOGUE[ErrorReason.CLOCK];
    expect(vi).toContain('muộn hơn giờ máy chủ');
    expect(vi).not.toContain('sớm hơn');
  });
});
