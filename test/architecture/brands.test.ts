import { describe, expect, test } from 'vitest';
import { castsTo } from './rules.ts';
import { isTest, readSources } from './source.ts';

/** The stages of the pipeline: file, class, and the type under which others know it. */
const STAGES = [
  ['authenticate', 'AuthenticatedCall', 'Authenticated'],
  ['verify-call', 'VerifiedCall', 'Verified'],
  ['decide', 'DecidedCall', 'Decided'],
  ['verify-chunk', 'VerifiedChunkMessage', 'VerifiedChunk'],
  ['consent', 'ConsentedWork', 'Consented'],
  ['fetch', 'FetchedWork', 'Fetched'],
  ['filter', 'FilteredWork', 'Filtered'],
  ['record', 'RecordedAnswer', 'Recorded'],
  ['sign', 'SignedAnswer', 'Signed'],
] as const;

const sources = readSources('gateway', 'connectors').filter(({ path }) => !isTest(path));

describe.each(STAGES)('stage %s', (file, className, typeName) => {
  const source = sources.find(({ path }) => path === `gateway/exchange/${file}.ts`);

  test('is a class that its module keeps to itself, with a private member, so that no other value fits its type', () => {
    expect(source?.text).toMatch(new RegExp(`\\nclass ${className} \\{\\n  readonly #stage`));
    expect(source?.text).toContain(`export type ${typeName} = ${className};`);
    expect(source?.text).not.toMatch(new RegExp(`export (class|\\{[^}]*\\b)${className}`));
  });

  test('is made in its own module only', () => {
    const makers = sources.filter(({ text }) => text.includes(`new ${className}(`)).map(({ path }) => path);
    expect(makers).toEqual([`gateway/exchange/${file}.ts`]);
  });

  test('nobody casts to it', () => {
    const casts = sources.filter((source) => castsTo(source, typeName));
    expect(casts.map(({ path }) => path)).toEqual([]);
  });
});

test('each stage holds the one before it', () => {
  const holds = (file: string, member: string) =>
    expect(sources.find(({ path }) => path === `gateway/exchange/${file}.ts`)?.text).toContain(member);
  holds('verify-call', 'readonly authenticated: Authenticated;');
  holds('decide', 'readonly verified: Verified;');
  holds('verify-chunk', 'readonly opening: Decided;');
  holds('consent', 'readonly grounds: Grounds;');
  holds('fetch', 'readonly consented: Consented;');
  holds('filter', 'readonly fetched: Fetched;');
  holds('record', 'readonly grounds: Grounds;');
  holds('sign', 'readonly recorded: Recorded;');
});
