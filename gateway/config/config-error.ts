import { ToldError, type Words } from '../errors/words.ts';

/** What is wrong with a config file, by member; never a value of it. */
export class ConfigError extends ToldError {
  override readonly name = 'ConfigError';
  /** Member names joined by dots; `config` for the whole. Example: "tls.key". */
  readonly member: string;

  constructor(member: string, { en, vi }: Words, options?: ErrorOptions) {
    // The whole is called what the sentence begins with anyway.
    super({ en: member === 'config' ? `config: ${en}` : `config: ${member}: ${en}`, vi: `${member}: ${vi}` }, options);
    this.member = member;
  }
}
