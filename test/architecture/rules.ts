/** The rules themselves, as functions of source texts: each is tried on a made-up one, so that a rule that sees nothing is noticed. */
import { areaOf, type SourceFile } from './source.ts';

/** `file → module` of ours that is neither of the file's own area nor allowed. */
export function offenders(files: readonly SourceFile[], allowed: (area: string, path: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .filter((name) => areaOf(name) !== areaOf(path) && !allowed(areaOf(name), name))
      .map((name) => `${path} → ${name}`),
  );
}

/** `file → module` of others' that is not allowed. */
export function foreignOffenders(files: readonly SourceFile[], allowed: (module: string, path: string) => boolean) {
  return files.flatMap(({ path, foreign }) =>
    foreign.filter((name) => !allowed(name, path)).map((name) => `${path} → ${name}`),
  );
}

/** Those of the listed areas, files or modules that none of the files imports: a waiver that nobody needs. */
export function notImported(files: readonly SourceFile[], listed: readonly string[]): string[] {
  const used = new Set(files.flatMap(({ imports, foreign }) => [...imports, ...imports.map(areaOf), ...foreign]));
  return listed.filter((name) => !used.has(name));
}

/** Areas that do not stand in exactly one of the lists, and entries of lists that are no area. */
export function misplacedAreas(files: readonly SourceFile[], lists: readonly (readonly string[])[]): string[] {
  const areas = new Set(files.map(({ path }) => areaOf(path)));
  const times = (area: string) => lists.flat().filter((listed) => listed === area).length;
  return [
    ...[...areas].filter((area) => times(area) !== 1).map((area) => `${area}: in ${times(area)} lists`),
    ...lists
      .flat()
      .filter((area) => !areas.has(area))
      .map((area) => `${area}: no such area`),
  ];
}

/** What asks for the time, waits, or goes to the network, without any import. */
const AMBIENT =
  /\bDate\.now\b|\bDate\(\)|\bnew Date\b(?!\()|\bTemporal\.Now\b|\bperformance\.|\bprocess\.(?:hrtime|env|argv|stdin|stdout|stderr)\b|\bset(?:Timeout|Interval|Immediate)\(|\bfetch\(|\bgetBuiltinModule\b/;

/** Files that reach for the clock or the world outside. */
export function reachingOut(files: readonly SourceFile[]): string[] {
  return files.filter(({ text }) => AMBIENT.test(text)).map(({ path }) => path);
}

/** Modules that can open a socket or listen on one. */
const SOCKETS = /^(?:node:)?(?:net|tls|http|https|http2|dgram)$|^(?:@grpc\/grpc-js|@hono\/node-server|undici|ws)$/;

export function usesSockets({ foreign }: SourceFile): boolean {
  return foreign.some((name) => SOCKETS.test(name));
}

export function usesPostgres({ foreign }: SourceFile): boolean {
  return foreign.some((name) => /^pg(?:-|\/|$)/.test(name));
}

const BARE_HASH = /\b(?:createHash|hash)\(\s*['"]sha|\bsubtle\.digest\(/;
/** Functions of ours that are a bare hash, by the module that has them. */
const HASHES: readonly (readonly [module: string, name: string])[] = [
  ['gateway/signing/digest.ts', 'digestOf'],
  ['gateway/proof/bytes.ts', 'sha256'],
  ['gateway/proof/bytes.ts', 'sha256Into'],
  ['gateway/proof/browser/bytes.ts', 'sha256'],
  ['gateway/exchange/entry-parts.ts', 'sha256'],
  ['gateway/console/browser/keys.ts', 'sha256'],
];

/** Whether the file hashes without a key or a salt, by itself or by a function of ours that does. */
export function hashesBare({ text, names }: SourceFile): boolean {
  if (BARE_HASH.test(text)) return true;
  return HASHES.some(([module, name]) => names.get(module)?.some((taken) => taken === name || taken === '*') === true);
}

export function readsEnvironment({ text, names }: SourceFile): boolean {
  return /\bprocess\.env\b/.test(text) || names.get('node:process')?.includes('env') === true;
}

export function endsProcess({ text, names }: SourceFile): boolean {
  return /\bprocess\.(?:exit|abort|reallyExit)\(/.test(text) || names.get('node:process')?.includes('exit') === true;
}

export function startsThread({ text }: SourceFile): boolean {
  return /\bnew Worker\(/.test(text);
}

/** Whether a value is made to be of a type by saying so. */
export function castsTo({ text }: SourceFile, typeName: string): boolean {
  return new RegExp(`\\bas (?:unknown as |never as |any as )?${typeName}\\b|(?<![\\w$])<${typeName}>\\s*[({\\w]`).test(
    text,
  );
}
