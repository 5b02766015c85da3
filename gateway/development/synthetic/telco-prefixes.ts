/** Mobile prefixes by the network that they were first given to (number portability: a prefix proves no carrier). */
export const TELCO_PREFIXES = {
  viettel: ['032', '033', '034', '035', '036', '037', '038', '039', '086', '096', '097', '098'],
  mobifone: ['070', '076', '077', '078', '079', '089', '090', '093'],
  vinaphone: ['081', '082', '083', '084', '085', '088', '091', '094'],
} as const satisfies Record<string, readonly string[]>;

export type Telco = keyof typeof TELCO_PREFIXES;

export const ALL_PREFIXES: readonly string[] = Object.values(TELCO_PREFIXES).flat();
