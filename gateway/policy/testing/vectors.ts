/** Reads the decision vectors of `policies/vectors`, which the Rego source is held to as well. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Decision } from '../decision.ts';
import type { PolicyInput } from '../input.ts';
import type { PolicyData } from '../policy-data.ts';

type Operation = { readonly op: 'add' | 'replace' | 'remove'; readonly path: string; readonly value?: unknown };

interface Case {
  readonly name: string;
  readonly from: string;
  readonly world?: readonly Operation[];
  readonly input?: readonly Operation[];
  readonly expect: Decision;
}

interface World extends PolicyData {
  readonly inputs: Readonly<Record<string, PolicyInput>>;
}

export interface Vector {
  readonly name: string;
  readonly data: object;
  readonly input: object;
  readonly expect: Decision;
}

const TOPICS = ['allowed', 'refused', 'traps'] as const;

function read<T>(path: string): T {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../../policies/${path}`, import.meta.url)), 'utf8')) as T;
}

export const POLICY_WASM = readFileSync(
  fileURLToPath(new URL('../../../policies/bundle/policy.wasm', import.meta.url)),
) as Uint8Array<ArrayBuffer>;

export const POLICY_MANIFEST = readFileSync(
  fileURLToPath(new URL('../../../policies/bundle/.manifest', import.meta.url)),
  'utf8',
);

export function readWorld(): World {
  return read<{ world: World }>('vectors/world.json').world;
}

/** A request of the vectors' world that is allowed: of `telco`, `bank` or `ministry`. Fills in what typed inputs need. */
export function allowedInput(name: 'telco' | 'bank' | 'ministry'): PolicyInput {
  const input = readWorld().inputs[name];
  if (input === undefined) throw new Error(`no input ${name}`);
  return { ...input, caller: { ...input.caller, certificate: 'ab'.repeat(32) } };
}

export function worldData(): PolicyData {
  const { inputs: _, ...data } = readWorld();
  return data;
}

export function readVectors(): Vector[] {
  const { inputs, ...world } = readWorld();
  return TOPICS.flatMap((topic) => {
    const cases = read<Record<string, readonly Case[]>>(`vectors/${topic}.json`)[topic] ?? [];
    return cases.map(({ name, from, world: onWorld = [], input = [], expect }) => ({
      name: `${topic}: ${name}`,
      data: patch(world, onWorld),
      input: patch(inputs[from] ?? {}, input),
      expect,
    }));
  });
}

/** JSON Patch, as much as the vectors use; a path that is not there is a mistake in the vector. */
export function patch(document: object, operations: readonly Operation[]): object {
  const copy = structuredClone(document);
  for (const { op, path, value } of operations) {
    const names = path.split('/').slice(1);
    const last = names.pop() ?? '';
    let at = copy as Record<string, unknown>;
    for (const name of names) at = at[name] as Record<string, unknown>;
    if (op !== 'add' && !Object.hasOwn(at, last)) throw new Error(`nothing at ${path}`);
    if (op === 'remove') delete at[last];
    else at[last] = structuredClone(value);
  }
  return copy;
}
