/** What a file says of the sensitive fields, over what is stored sealed: compared in this process, which alone can open it. */
import type { Sensitive } from '../encode-sensitive.ts';
import { type KeyPort, openSensitive } from '../sensitive.ts';
import type { ImportPlan } from './plan.ts';

const SENSITIVE_FIELDS = [
  [9, 'ethnicity'],
  [10, 'religion'],
  [12, 'bloodType'],
] as const;

const NOTHING: Sensitive = { ethnicity: '', religion: '', bloodType: '' };

export interface Sealed {
  readonly sealed: Uint8Array | null;
  readonly sealed_key: string | null;
}

export interface ComparedSensitive {
  /** Field ids of what is sealed and differs. */
  readonly changed: number[];
  /** What is to be sealed; undefined leaves what is stored. */
  readonly sensitive: Sensitive | undefined;
}

export async function openOrNothing(
  keys: KeyPort,
  personNo: number,
  { sealed, sealed_key }: Sealed,
): Promise<Sensitive> {
  return sealed === null ? NOTHING : await openSensitive(keys, personNo, sealed, sealed_key ?? '');
}

/** The columns of the file over what is known, and the fields that differ. */
export function compareSensitive(plan: ImportPlan, before: Sensitive, row: Sensitive): ComparedSensitive {
  const inFile = new Set(plan.sensitive.map(({ field }) => field.id));
  const after = { ...before };
  const changed: number[] = [];
  for (const [id, name] of SENSITIVE_FIELDS) {
    if (!inFile.has(id) || before[name] === row[name]) continue;
    after[name] = row[name];
    changed.push(id);
  }
  return { changed, sensitive: changed.length > 0 ? after : undefined };
}
