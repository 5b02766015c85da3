/** What fell with a signer is told apart from what nobody signed for. */
import { expect, test } from 'vitest';
import type { ActRow } from '../acts/fold-acts.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { a, agreed, b, bar, c, d, fold, NOW, type Signing } from './decided.test-support.ts';
import { fellWithSigner } from './fallen.ts';

const sample = sampleAgreement();
const fell = (...rows: readonly ActRow[]) => {
  const book = fold(rows);
  return [
    ...book.refused.map(({ problem }) => problem),
    ...book.agreements.map((one) => fellWithSigner(book, one, sample)),
  ];
};
const signed = (by: readonly Signing[], iat = NOW) => agreed(sample, by, iat);

test('fell: what two signed of whom one, or the key of one, was barred since', () => {
  for (const by of [
    bar('officer', 'a', [c]),
    bar('key', a.own.kid, [c]),
    bar('key', b.own.kid, [c, d], { compromised_from: NOW - 100 }),
  ]) {
    expect(fell(signed([a, b]), by)).toEqual([true]);
  }
});

test('did not fall: what one signed, one twice, or with what was barred by then, however it is dated', () => {
  expect(fell(signed([a]), bar('officer', 'a', [c]))).toEqual([false]);
  expect(fell(signed([a, a]), bar('officer', 'a', [c]))).toEqual([false]);
  expect(fell(bar('officer', 'a', [c]), signed([a, b], NOW - 500))).toEqual([false]);
  expect(fell(bar('key', a.own.kid, [c]), signed([a, b], NOW - 500), bar('officer', 'b', [c, d]))).toEqual([false]);
});
