/** A finding in words: what was found, and what to do where something is to be done. `{said}` is another's own sentence. */
export type FindingWords = {
  readonly en: string;
  readonly vi: string;
  readonly nextEn?: string;
  readonly nextVi?: string;
};
