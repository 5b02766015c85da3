/**
 * A bounded sample of texts, spread evenly over however many come: every n-th, with n doubled whenever the sample is full.
 * It depends on the texts and their order alone.
 */
export type TextSample = { add(raw: string): void; texts(): readonly string[] };

export const SAMPLED_TEXTS = 2048;
const LONGEST_TEXT = 200;

export function createTextSample(most = SAMPLED_TEXTS): TextSample {
  let kept: string[] = [];
  let every = 1;
  let seen = 0;
  return {
    add(raw) {
      if (seen++ % every !== 0) return;
      if (kept.length === most) {
        kept = kept.filter((_, i) => i % 2 === 0);
        every *= 2;
        if ((seen - 1) % every !== 0) return;
      }
      // A copy: a piece of a text keeps the whole block that it was cut from.
      kept.push(Buffer.from(raw.slice(0, LONGEST_TEXT), 'latin1').toString('latin1'));
    },
    texts: () => kept,
  };
}
