import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/kit/define-connector.ts';
import { defineConnector } from '../../connectors/kit/define-connector.ts';
import { readVocabulary } from '../../gateway/fields/vocabulary.ts';
import { PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { anyText } from '../support/any-text.ts';
import { type CONTRACT_CHECKS, type ContractInput, runContract } from './contract.ts';

/** The one suite that every connector passes: each folder under connectors/ but the kit is one. */

const root = fileURLToPath(new URL('../../connectors/', import.meta.url));
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
  .map(({ name }) => name);
const fieldPaths = new Set(readVocabulary(PersonSchema).byPath.keys());

function isConnector(value: unknown): value is Connector {
  return typeof value === 'object' && value !== null && 'columns' in value && 'map' in value && 'name' in value;
}

async function connectorOf(folder: string): Promise<Connector> {
  const exported = (await import(pathToFileURL(join(root, folder, 'connector.ts')).href)) as Record<string, unknown>;
  const found = Object.values(exported).filter(isConnector);
  expect(found.length, `${folder}/connector.ts exports one connector`).toBe(1);
  return found[0] as Connector;
}

function recordsFor({ columns }: Connector): string[][] {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789-/ .'), maxLength: 14 });
  const id = fc.integer({ min: 1, max: 999_999_999_999 }).map((n) => String(n).padStart(12, '0'));
  const date = fc
    .tuple(fc.integer({ min: 1880, max: 2110 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
    .map(([y, m, d]) => [String(y), String(m).padStart(2, '0'), String(d).padStart(2, '0')] as const)
    .chain(([y, m, d]) => fc.constantFrom(`${y}-${m}-${d}`, `${d}/${m}/${y}`, `${m}/${d}/${y}`));
  const cell = fc.oneof(digits, id, date, anyText({ maxLength: 20 }));
  return fc.sample(fc.array(cell, { minLength: 0, maxLength: columns.length + 2 }), { numRuns: 1000, seed: 7 });
}

describe.each(folders)('connector %s', async (folder) => {
  const connector = await connectorOf(folder);
  const readmePath = join(root, folder, 'README.md');
  const readme = existsSync(readmePath) ? readFileSync(readmePath, 'utf8') : '';
  const results = runContract({ connector, readme, fieldPaths, records: recordsFor(connector) });

  it('is named as its folder', () => expect(connector.name).toBe(folder));

  it.each(results)('$check', ({ problem }) => expect(problem).toBeUndefined());

  it('has fixtures', () => expect(readdirSync(join(root, folder, 'fixtures')).length).toBeGreaterThan(0));
});

describe('the suite itself', async () => {
  const good = await connectorOf('telco');
  const readme = readFileSync(join(root, 'telco', 'README.md'), 'utf8');
  const base: ContractInput = { connector: good, readme, fieldPaths, records: recordsFor(good).slice(0, 50) };
  const problems = (changes: Partial<Connector>, input: Partial<ContractInput> = {}) => {
    const { wanted: _, ...definition } = { ...good, ...changes };
    return runContract({ ...base, ...input, connector: defineConnector(definition) })
      .filter(({ problem }) => problem !== undefined)
      .map(({ check }) => check);
  };

  it('passes the telco connector', () => expect(problems({})).toEqual([]));

  it.each<[string, Partial<Connector>, Partial<ContractInput>, keyof typeof CONTRACT_CHECKS]>([
    [
      'throws',
      {
        map: () => {
          throw new RangeError('no');
        },
      },
      {},
      'maps every record, whatever its cells',
    ],
    [
      'is not pure',
      { map: (cells) => ({ form: 'text', idNumber: cells[2] ?? '', fullName: `${Math.random()}`, birthDate: '' }) },
      {},
      'gives the same row for the same record',
    ],
    [
      'trims names',
      { map: (cells, options) => ({ ...good.map(cells, options), fullName: (cells[3] ?? '').trim() }) },
      {},
      'repairs nothing: texts are sent as read, names always',
    ],
    [
      'sends half dates slim',
      {
        map: (cells, options) =>
          ({ ...good.map(cells, options), form: 'slim', idNumber: 1, birthDate: 19850000 }) as never,
      },
      {},
      'uses the slim form for 12 digits and whole dates only',
    ],
    [
      'decides otherwise for chunks',
      { slimForm: () => ({ idNumber: () => 0, birthDate: () => 0 }) },
      {},
      'decides alike for one record and for a chunk',
    ],
    [
      'names no field',
      { columns: good.columns.map((column) => ({ ...column, field: 'nothing' })) },
      {},
      'matches on fields that the vocabulary has',
    ],
    [
      'shows a real prefix',
      { columns: good.columns.map((c) => (c.field === 'personal_id' ? { ...c, example: '001085000017' } : c)) },
      {},
      'uses synthetic examples',
    ],
    [
      'has no Vietnamese',
      { columns: good.columns.map((c) => ({ ...c, vi: '' })) },
      {},
      'describes every column in both languages',
    ],
    ['hides a column', {}, { readme: readme.replaceAll('`msisdn`', 'msisdn') }, 'names every column in its README'],
    ['prints a column twice', { output: [...good.output, 'line'] }, {}, 'names its output columns once each'],
  ])('finds a connector that %s', (_name, changes, input, check) => {
    expect(problems(changes, input)).toContain(check);
  });

  it('takes a waiver with its reason, and refuses one that is not needed or waives nothing', () => {
    const check = 'has no such check';
    expect(problems({ waivers: [{ check, reason: 'x' }] })).toEqual([check]);
    const stale = 'uses synthetic examples';
    expect(problems({ waivers: [{ check: stale, reason: 'x' }] })).toEqual([stale]);
    const waivers = [{ check: 'describes every column in both languages', reason: 'the source has one language' }];
    expect(problems({ waivers, columns: good.columns.map((c) => ({ ...c, vi: '' })) })).toEqual([]);
  });
});
