/** What goes into the packages beside compiled code. */

/** Read at run time, by their paths from the root: each stands at the same place below the compiled code. */
export const RUN_TIME_FILES = [
  'gateway/storage/migrations',
  'policies/bundle',
  'policies/agreements',
  'policies/agencies.json',
  'gateway/console/browser',
  'gateway/console/style.css',
  'gateway/console/icon.svg',
];

/** Plain JavaScript of the sources, which no compiler touches. */
export const PLAIN_SCRIPTS = ['gateway/cli/launcher.mjs', 'gateway/cli/node-flags.mjs', 'gateway/cli/node-flags.d.mts'];

/** Programs of each package: what is not reached from one of these or from an export stays out. */
export const PROGRAMS = {
  whole: ['gateway/cli/main.js', 'gateway/main.js'],
  client: ['gateway/cli/client.js', 'gateway/cli/launcher.mjs'],
} as const;

/** What another program may import, by name: the signed client, its profile folder, jobs, receipts; beside them the contract. */
export const LIBRARY = {
  './client': 'connectors/kit/client',
  './profile': 'connectors/kit/profile',
  './job': 'connectors/telco/job',
  './receipt': 'connectors/kit/receipt',
} as const;

/** What the author of a client in another language needs, by where it stands here and in the package for agencies. */
export const CLIENT_DOCUMENTS = {
  'gateway/docs/writing-a-client.md': 'docs/writing-a-client.md',
  ...Object.fromEntries(
    ['signatures', 'errors', 'jobs', 'log-and-receipts', 'limits', 'matching-profile'].map((page) => [
      `gateway/docs/design/${page}.md`,
      `docs/design/${page}.md`,
    ]),
  ),
  'gateway/docs/design/matching-profile.json': 'docs/design/matching-profile.json',
  'test/interop/verify_person.py': 'examples/verify_person.py',
  'test/interop/requirements.txt': 'examples/requirements.txt',
  'proto/lienthong': 'proto/lienthong',
  'proto/third_party': 'proto/third_party',
  'test/golden/signing': 'vectors/signing',
  'test/golden/proof': 'vectors/proof',
  'test/golden/rfc6962': 'vectors/rfc6962',
} as const;

/** Not of them: programs, and private keys, though everybody has the ones of the vectors. */
export const NO_DOCUMENT = /\.(ts|jwk\.json)$/;

/** Folder of the generated contract: all of it is exported as `./contract/<area>/v1/<file>`. */
export const CONTRACT = 'proto/gen/lienthong';

/** The member `exports` of a package whose compiled code stands below `base`. */
export function exportsOf(base: './' | './dist/'): Record<string, unknown> {
  const entry = (path: string) => ({ types: `${base}${path}.d.ts`, default: `${base}${path}.js` });
  return {
    ...Object.fromEntries(Object.entries(LIBRARY).map(([name, path]) => [name, entry(path)])),
    './contract/*': entry(`${CONTRACT}/*`),
    './package.json': './package.json',
  };
}
