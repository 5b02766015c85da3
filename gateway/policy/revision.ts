/** Which rules and which agreements a decision was made under; both only ever rise, and both stand in every answer. */
import { hash } from 'node:crypto';
import { hasExactly, isRecord, isSafeCount } from './shape.ts';
import { compileModule, type WasmModule } from './wasm-module.ts';

export interface PolicyRevision {
  /** Revision of the compiled rules, from the bundle's manifest; at least 1. */
  readonly policy: number;
  /** Revision of the whole set of agreements, counted by whoever stores them; at least 1. */
  readonly agreements: number;
}

/** The compiled rules with what identifies them. */
export interface PolicyBundle {
  readonly module: WasmModule;
  readonly revision: number;
  /** SHA-256 of policy.wasm, lower-case hex. */
  readonly digest: string;
  /** Unix seconds: the first at which its signature counts no more. Absent where it was read without one. */
  readonly end?: number;
}

const ENTRY_POINT = 'lienthong/exchange/decision';
const MANIFEST_MEMBERS = ['revision', 'roots', 'wasm', 'rego_version'] as const;

/**
 * Compiles a bundle's WASM and reads its manifest.
 *
 * @throws Error where the manifest is not one of this policy: another root or entry point, or a revision that is no
 *   positive whole number. `WebAssembly.CompileError` where the bytes are no WASM.
 */
export function readPolicyBundle(files: {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly manifest: string;
}): PolicyBundle {
  const manifest: unknown = JSON.parse(files.manifest);
  if (!isRecord(manifest) || !hasExactly(manifest, MANIFEST_MEMBERS)) throw new Error('policy manifest: unknown shape');
  const { revision, roots, wasm } = manifest;
  if (typeof revision !== 'string' || !/^[1-9]\d{0,8}$/.test(revision)) throw new Error('policy manifest: revision');
  if (!Array.isArray(roots) || roots.length !== 1 || roots[0] !== 'lienthong/exchange') {
    throw new Error('policy manifest: roots');
  }
  const module: unknown = Array.isArray(wasm) && wasm.length === 1 ? wasm[0] : undefined;
  if (!isRecord(module) || module.entrypoint !== ENTRY_POINT) throw new Error('policy manifest: entry point');
  return {
    module: compileModule(files.wasm),
    revision: Number(revision),
    digest: hash('sha256', files.wasm, 'hex'),
  };
}

/**
 * True where `next` may follow `current`: neither part falls, and one rises.
 * Rules or agreements that were taken back are put back under a new number, never under their old one.
 */
export function mayFollow(current: PolicyRevision, next: PolicyRevision): boolean {
  if (!isRevision(next) || next.policy < current.policy || next.agreements < current.agreements) return false;
  return next.policy > current.policy || next.agreements > current.agreements;
}

export function isRevision(value: PolicyRevision): boolean {
  return isSafeCount(value.policy) && isSafeCount(value.agreements) && value.policy > 0 && value.agreements > 0;
}
