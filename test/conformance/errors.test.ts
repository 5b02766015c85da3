import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, REASONS, reasonName } from '../../gateway/errors/catalogue.ts';
import { errorsTables } from '../../gateway/errors/page.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';

const proto = readFileSync(new URL('../../proto/lienthong/error/v1/error.proto', import.meta.url), 'utf8');
const page = readFileSync(new URL('../../gateway/docs/design/errors.md', import.meta.url), 'utf8');

/** Name and canonical code of every reason, out of the proto's text: the comment's last sentence is the code. */
function reasonsOfProto(): Map<string, string> {
  const found = proto.matchAll(/\/\/ [^\n]*?([A-Z_]+)\.\n {2}ERROR_REASON_([A-Z_]+) = [1-9]\d*;/g);
  return new Map(Array.from(found, ([, code = '', name = '']) => [name, code]));
}

describe('proto, catalogue and page say the same of errors', () => {
  it('has a row for every reason of the proto with the code its comment promises, and no other row', () => {
    const rows = new Map(REASONS.map((reason) => [reasonName(reason), CATALOGUE[reason].code]));
    expect(rows).toEqual(reasonsOfProto());
    expect(rows.size).toBe(Object.values(ErrorReason).filter((value) => typeof value === 'number').length - 1);
  });

  it('stands on the page row by row', () => {
    expect(page.slice(page.indexOf('| Reason |')).trimEnd()).toBe(errorsTables());
  });

  it('says everything in both languages, as sentences, with an example', () => {
    for (const reason of REASONS) {
      const { en, nextEn, vi, nextVi, example } = CATALOGUE[reason];
      for (const text of [en, nextEn, vi, nextVi]) expect(text, reasonName(reason)).toMatch(/^\p{Lu}.{10,}\.$/u);
      // Vietnamese that lost its tone marks, or was left in English, is not Vietnamese.
      for (const text of [vi, nextVi])
        expect(text, reasonName(reason)).toMatch(/[ăâđêôơưàáảãạằắấầậếềệìíịòóọốồộờớợùúụừứựỳý]/i);
      expect(en, reasonName(reason)).toMatch(/^[\x20-\x7e]+$/);
      expect(example.length, reasonName(reason)).toBeGreaterThan(10);
    }
  });

  it('never says two things with one sentence', () => {
    for (const key of ['en', 'vi'] as const) {
      expect(new Set(REASONS.map((reason) => CATALOGUE[reason][key])).size).toBe(REASONS.length);
    }
  });
});
