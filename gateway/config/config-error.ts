/** What is wrong with a config file, by member; never a value of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Member names joined by dots; `config` for the whole. Example: "tls.key". */
  readonly member: string;

  constructor(member: string, problem: string, options?: ErrorOptions) {
    super(`config: ${member}: ${problem}`, options);
    this.member = member;
  }
}
