/** Exit codes of every command (`gateway/docs`: files and commands). A script may rely on them; their meaning never changes. */
export const EXIT_CODES = {
  /** Complete, whatever the verdicts. */
  COMPLETE: 0,
  /** The command line, or a file's format. */
  USAGE: 2,
  /** Profile, certificate, keys or clock. */
  PROFILE: 3,
  /** The gateway refused. */
  REFUSED: 4,
  /** Unavailable or incomplete: run the same command again, it goes on where it was. */
  UNAVAILABLE: 5,
  /** A limit or a rate is used up. */
  LIMITED: 6,
  /** Complete, but with verdicts that the caller asked to fail on; of `status`, with warnings. */
  VERDICTS: 10,
  /** Interrupted; what was answered is kept, and running again goes on. */
  INTERRUPTED: 130,
} as const;
export type ExitClass = keyof typeof EXIT_CODES;
export type ExitCode = (typeof EXIT_CODES)[ExitClass];
