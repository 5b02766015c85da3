/** The bill of materials: CycloneDX as npm makes it of the lockfile, cut to what an installation gets, and checked. */

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly object[];
}

export interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

export interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly integrity?: string; readonly dev?: boolean }>
  >;
}

/** What the lockfile installs without `--include=dev`: `name@version` with the digest it pins. */
function installed({ packages }: Lockfile): Map<string, string | undefined> {
  const entries = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return new Map(
    entries.map(([path, { version, integrity }]) => [`${path.split('node_modules/').at(-1)}@${version}`, integrity]),
  );
}

/**
 * Without the tools of development. npm's own `--omit=dev` is not used: it drops packages that tools and product have in common
 * as well. The name is the product's; npm takes the folder's.
 */
export function cutToProduct(bom: Bom, lockfile: Lockfile, name: string): Bom {
  const kept = installed(lockfile);
  const root = bom.metadata.component['bom-ref'];
  return {
    ...bom,
    metadata: { ...bom.metadata, component: { ...bom.metadata.component, name } },
    components: bom.components.filter((component) => kept.has(component['bom-ref'])),
    dependencies: bom.dependencies
      .filter(({ ref }) => ref === root || kept.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
  };
}

const SPEC = /^1\.[4-7]$/;
const SERIAL = /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is wrong with a bill of materials, in words; empty for one that is whole. */
export function problemsOf(bom: Bom, lockfile: Lockfile): string[] {
  const problems: string[] = [];
  const want = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  want(bom.bomFormat === 'CycloneDX' && SPEC.test(bom.specVersion), 'not CycloneDX 1.4 to 1.7');
  want(
    SERIAL.test(bom.serialNumber) && Number.isInteger(bom.version),
    'its serial number or version is not of the form',
  );
  const refs = new Set(bom.components.map((component) => component['bom-ref']));
  want(refs.size === bom.components.length, 'two components have one reference');
  const pinned = installed(lockfile);
  for (const ref of pinned.keys()) want(refs.has(ref), `${ref} of the lockfile is missing`);
  for (const component of bom.components) {
    const ref = component['bom-ref'];
    want(pinned.has(ref), `${ref} is not in the lockfile`);
    want(
      component.purl?.startsWith('pkg:npm/') === true && component.purl.endsWith(`@${component.version}`),
      `${ref}: purl`,
    );
    want((component.licenses ?? []).length > 0, `${ref} names no licence`);
    want(hasDigest(component, pinned.get(ref)), `${ref} has another digest than the lockfile`);
  }
  const known = new Set([...refs, bom.metadata.component['bom-ref']]);
  for (const { ref, dependsOn } of bom.dependencies) {
    want(
      [ref, ...dependsOn].every((each) => known.has(each)),
      `${ref} depends on what is not listed`,
    );
  }
  const stated = new Set(bom.dependencies.map(({ ref }) => ref));
  for (const ref of known) want(stated.has(ref), `the dependencies of ${ref} are not stated`);
  return problems;
}

/** `sha512-BASE64` of the lockfile is the hex of the component. */
function hasDigest({ hashes }: Component, integrity: string | undefined): boolean {
  if (integrity === undefined) return true;
  const wanted = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  return hashes?.some(({ alg, content }) => alg === 'SHA-512' && content === wanted) === true;
}
