import { type Facts, factsIn, fill } from '../../gateway/errors/words.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { KIT_MESSAGES, type KitReason, type Language } from './messages.ts';

/** What a message names: lines, columns, paths, counts. Never a cell of a row. */
export type KitFacts = Readonly<Record<string, string | number>>;

/** A failure of a connector or of the client, with a closed reason, an exit code and a sentence in both languages. */
export class KitError extends Error {
  /** As the one who found it worded them, for an error that says more of the same. */
  readonly worded: Facts;
  readonly reason: KitReason;
  /** In English, where they are worded. */
  readonly facts: KitFacts;
  readonly exitCode: ExitCode;
  /** Of a run that the same command goes on with: rows that are answered and kept. Set by the run that ends with this. */
  keptRows: number | undefined;

  constructor(reason: KitReason, facts: Facts = {}, options?: { readonly cause?: unknown }) {
    super(fill(KIT_MESSAGES[reason].en, factsIn(facts, 'en')), options);
    this.name = 'KitError';
    this.reason = reason;
    this.worded = facts;
    this.facts = factsIn(facts, 'en');
    this.exitCode = EXIT_CODES[KIT_MESSAGES[reason].exit];
  }

  /** The sentence for people, in their language. */
  text(language: Language): string {
    return fill(KIT_MESSAGES[this.reason][language], this.factsIn(language));
  }

  /** What the sentence names, as that language says it. */
  factsIn(language: Language): KitFacts {
    return factsIn(this.worded, language);
  }
}
