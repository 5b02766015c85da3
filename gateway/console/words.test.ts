import { describe, expect, test } from 'vitest';
import { ACCESSES } from './words/accesses.ts';
import { CLAIMS, OUTCOMES, REASONS } from './words/decisions.ts';
import { FRAME } from './words/frame.ts';
import { MATTERS } from './words/matters.ts';
import { REFUSALS } from './words/refusals.ts';

/** Every sentence below, in whatever it is nested. */
function sentencesOf(words: unknown): string[] {
  if (typeof words === 'string') return [words];
  return typeof words === 'object' && words !== null ? Object.values(words).flatMap(sentencesOf) : [];
}

const vietnamese = [
  ...[FRAME.vi, MATTERS.vi, CLAIMS.vi, ACCESSES.vi].flatMap(sentencesOf),
  ...[OUTCOMES, REASONS, REFUSALS].flatMap((table) => Object.values(table).map(({ vi }) => vi)),
];

describe('the Vietnamese words', () => {
  test('call one thing by one name, which is the law’s or the field’s', () => {
    expect(vietnamese.length).toBeGreaterThan(150);
    const consentAsNoun = /(?:của|mọi|theo|dựa trên|lập|rút lại|không cần|có|cho|hoặc) đồng ý/i;
    const others = /mã kịch bản|nhân chứng|chậm nhất trước|Ai xin|nơi xin đồng ý|đang chạy/i;
    expect(vietnamese.filter((text) => consentAsNoun.test(text) || others.test(text))).toEqual([]);
  });

  test('call the button that agrees by what stands on it', () => {
    expect(MATTERS.vi.confirmLead).toContain(`"${MATTERS.vi.agree}"`);
  });
});
