/** The same said in both languages. Tables of these stand beside what they are of, so that nothing can be worded in one language only. */
export type Words = Readonly<Record<'en' | 'vi', string>>;
/** What a sentence names; what has words of its own is told in the language of the sentence around it. */
export type Facts = Readonly<Record<string, string | number | Words>>;

/** `{name}` by the fact of that name; an unknown one stays as it is. */
export function fill(template: string, facts: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole));
}

/** The facts as one language has them. */
export function factsIn(facts: Facts, language: 'en' | 'vi'): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'object' ? fact[language] : fact]),
  );
}

/** Both sentences with their facts. */
export function filled({ en, vi }: Words, facts: Facts): Words {
  return { en: fill(en, factsIn(facts, 'en')), vi: fill(vi, factsIn(facts, 'vi')) };
}

/** An error of ours that people are told of as it is: without data, and in both languages. `message` is the English. */
export class ToldError extends Error {
  readonly words: Words;
  constructor(words: Words, options?: { readonly cause?: unknown }) {
    super(words.en, options);
    this.words = words;
  }
}

/** What an error says. Of one that is not ours both languages have the same, but for the system's of a file, whose code says enough. */
export function wordsOf(error: Error): Words {
  if (error instanceof ToldError) return error.words;
  const { message: en, code, path } = error as Error & { readonly code?: unknown; readonly path?: unknown };
  const ofFile = typeof code === 'string' && typeof path === 'string';
  return { en, vi: ofFile ? `không dùng được ${path} (${code})` : en };
}
