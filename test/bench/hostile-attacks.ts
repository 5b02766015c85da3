/** Ways to attack, in the order they are tried. */
export const ATTACKS = [
  'idle streams',
  'hoarded bytes',
  'compressed bombs',
  'huge masks',
  'endless jobs',
  'tiny chunks',
  'flood of calls',
  'noise and resets',
  'handshakes',
] as const;
export type Attack = (typeof ATTACKS)[number];
