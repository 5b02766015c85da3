/** What must not be in a package. */

const SOURCE = /(?<!\.d)\.m?ts$/;
/** What pages load: its types are stripped where it is served, in a checkout and in a package alike. */
const SERVED = /(^|\/)gateway\/console\/browser\/[a-z-]+\.ts$/;
const TEST = /(^|\/)(test|testing|fixtures|packaging)(\/|\.)|\.test\.|test-support|test-fixtures/;
const SECRET_NAME = /\.(pem|jwk\.json|p12|key)$|(^|\/)\.(env|npmrc)/;
const SECRET = [/-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}/, /"d"\s*:\s*"[A-Za-z0-9_-]{43}"/];
/** Somebody's home or a checkout; `/proc`, `/dev` and `/etc` are the same everywhere. */
const HOME = /(?<![\w.])\/(?:home|root|Users)\/\w|[A-Z]:\\\\?Users/;

/** What is wrong with one file of a package, in words. `root`: the checkout that it was made in. */
export function problemsOf(name: string, text: string, root: string): string[] {
  const problems: string[] = [];
  if (SOURCE.test(name) && !SERVED.test(name)) problems.push('is TypeScript source');
  if (TEST.test(name)) problems.push('is of the tests');
  if (SECRET_NAME.test(name) || SECRET.some((pattern) => pattern.test(text))) problems.push('holds a secret');
  if (text.includes(root.replace(/\/$/, '')) || HOME.test(text)) problems.push('names a folder of the machine');
  if (/\.m?js$/.test(name) && /(?:from|import\()\s*['"][^'"]*(?<!\.d)\.ts['"]/.test(text))
    problems.push('imports source');
  return problems.map((problem) => `${name} ${problem}`);
}
