export interface Patch {
  /** The attack that the countermeasure is for. */
  readonly attack: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  readonly test: string;
}

const off = (condition: string) => `if (false && (${condition}))`;
export const without = (attack: string, file: string, condition: string, test: string): Patch => ({
  ...{ attack, file, test },
  find: `if (${condition})`,
  put: off(condition),
});
