import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The files that word something in both languages for whoever tells people of it: the compiler demands both, this test that they agree. */
const worded = ['gateway', 'connectors'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(join(ROOT, folder, path), 'utf8') }))
    .filter(({ text }) => /import .*\bWords\b.* from '.*errors\/words\.ts'/.test(text)),
);

const QUOTED = String.raw`(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|${'`'}((?:\\.|[^${'`'}\\])*)${'`'})`;
const PAIR = new RegExp(String.raw`\ben:\s*${QUOTED},\s*vi:\s*${QUOTED}`, 'g');

const pairs = worded.flatMap(({ path, text }) =>
  [...text.matchAll(PAIR)].map(([, ...found]) => ({
    path,
    en: found.slice(0, 3).join(''),
    vi: found.slice(3, 6).join(''),
  })),
);
/** A fact alone, or nothing, needs no translation. */
const isBare = (text: string) => text.replaceAll(/\$?\{\w+\}|\W/g, '') === '';
const factsOf = (text: string) => [...text.matchAll(/(?<!\$)\{\w+\}/g)].map(([fact]) => fact).sort();
/** Commands, options, codes, paths and the names of members: what stands in the English stands in the Vietnamese. */
const NAMES = /"lienthong [^"]*"|--[a-z-]+|\b[a-z]+\.[a-z_]+\b|\b[A-Z][A-Z_]{3,}\b|\bchmod \S+|\b[a-z]+=[a-z-]+/g;

describe('what is worded in both languages', () => {
  test('is found by this test, of every area', () => {
    const areas = new Set(pairs.map(({ path }) => path.split('/').slice(0, 2).join('/')));
    for (const area of ['config', 'storage', 'signing', 'sealing', 'policy', 'compose', 'backup', 'register'])
      expect(areas).toContain(`gateway/${area}`);
    expect(areas).toContain('connectors/kit');
    expect(pairs.length).toBeGreaterThan(80);
  });

  test.each(pairs)('$en', ({ en, vi }) => {
    expect(factsOf(vi)).toEqual(factsOf(en));
    expect(vi.normalize('NFC')).toBe(vi);
    // What is put together of other words has none of its own.
    if (vi.includes('${')) return;
    expect(vi.match(NAMES) ?? []).toEqual(expect.arrayContaining([...(en.match(NAMES) ?? [])]));
    if (!isBare(en)) expect(vi).toMatch(/[à-ỹđ]/i);
  });
});
