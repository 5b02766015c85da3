/** Of the commands that take one: options without a value, so that what follows them is not theirs. */
const FLAGS = new Set(['--all', '--json', '--propose', '--unknown', '--yes']);
/** Base64url with what no option's name has, or as long as a digest: six characters are the least that begin an id. */
const ID = /^-(?=.*[A-Z0-9_])[\w-]{5,}$|^-[\w-]{42}$/;

/**
 * Digests, thumbprints and ids of matters, and how they begin, may begin with a hyphen, one in 64 does: as arguments they go where
 * nothing is an option any more.
 */
export function idsLast(args: readonly string[]): string[] {
  const isId = (arg: string, at: number) => {
    const before = args[at - 1] ?? '';
    return ID.test(arg) && (FLAGS.has(before) || !before.startsWith('--'));
  };
  if (args.includes('--') || !args.some(isId)) return [...args];
  return [...args.filter((arg, at) => !isId(arg, at)), '--', ...args.filter(isId)];
}
