/** V8 CPU profiles, summed by the folder that the time was spent in. */
import { readFileSync } from 'node:fs';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Id of the node that each sample hit. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface Share {
  /** Folder, package, or V8's own name in brackets. Example: "gateway/matching". */
  readonly place: string;
  readonly seconds: number;
  /** Of all time that was not idle. */
  readonly share: number;
}

/** `gateway/matching` for its files, the package's name for one of node_modules, `node:…` for the runtime. */
export function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  const packaged = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url);
  if (packaged !== null) return packaged[1] ?? 'node_modules';
  const own = /\/((?:gateway|connectors)\/[^/]+|proto\/gen)/.exec(url);
  if (own !== null) return own[1] ?? url;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  if (url.startsWith('wasm:')) return '(wasm)';
  return functionName.startsWith('(') ? functionName : url === '' ? '(native)' : url;
}

export function sharesOf(profiles: readonly CpuProfile[]): readonly Share[] {
  const micros = new Map<string, number>();
  let busy = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
    for (const [index, sample] of samples.entries()) {
      const place = places.get(sample) ?? '(unknown)';
      if (place === '(idle)') continue;
      const time = Math.max(0, timeDeltas[index] ?? 0);
      busy += time;
      micros.set(place, (micros.get(place) ?? 0) + time);
    }
  }
  return [...micros]
    .map(([place, time]) => ({ place, seconds: time / 1e6, share: busy === 0 ? 0 : time / busy }))
    .sort((a, b) => b.seconds - a.seconds);
}

export function summariseProfiles(paths: readonly string[]): readonly Share[] {
  return sharesOf(paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as CpuProfile));
}

/** One line: the places that matter. */
export function printShares(shares: readonly Share[], least = 0.01): string {
  const shown = shares.filter(({ share }) => share >= least);
  return shown.map(({ place, share }) => `${place} ${(share * 100).toFixed(1)} %`).join(', ');
}
