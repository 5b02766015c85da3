/** What is sealed of a row, found by the bytes of its sensitive cells: they take few different values. */
import { equalBytes } from './byte-values.ts';
import type { ImportPlan } from './plan.ts';
import type { Line } from './scan-line.ts';
import type { PersonSealer } from './seal-persons.ts';

const SLOTS = 1 << 14;
/** Half of the slots: beyond that, looking for a free one takes too long. */
const KEPT = SLOTS / 2;

/** The message of a row; undefined where nothing sensitive is known. */
export function createByteMessages(
  plan: ImportPlan,
  sealer: PersonSealer,
): (bytes: Buffer, line: Line) => Uint8Array | undefined {
  const names = plan.sensitive.map(({ index, field }) => ({
    index,
    name: field.id === 9 ? 'ethnicity' : field.id === 10 ? 'religion' : 'bloodType',
  }));
  const slots: ({ cells: Uint8Array[]; message: Uint8Array | undefined } | undefined)[] = new Array(SLOTS).fill(
    undefined,
  );
  let kept = 0;

  const make = (bytes: Buffer, line: Line) => {
    const sensitive = { ethnicity: '', religion: '', bloodType: '' };
    for (const { index, name } of names) {
      sensitive[name as keyof typeof sensitive] = bytes.toString('utf8', line.starts[index], line.ends[index]);
    }
    return sealer.messageOf(sensitive);
  };

  return (bytes, line) => {
    const { starts, ends } = line;
    let hash = 0;
    for (let i = 0; i < names.length; i++) {
      const { index } = names[i]!;
      const end = ends[index] ?? 0;
      for (let at = starts[index] ?? 0; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
      hash = Math.imul(hash ^ 0x1f, 0x01000193);
    }
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (;;) {
      const entry = slots[slot];
      if (entry === undefined) break;
      let same = true;
      for (let i = 0; same && i < names.length; i++) {
        const { index } = names[i]!;
        same = equalBytes(bytes, starts[index] ?? 0, ends[index] ?? 0, entry.cells[i]!);
      }
      if (same) return entry.message;
      slot = (slot + 1) & (SLOTS - 1);
    }
    const message = make(bytes, line);
    if (kept < KEPT) {
      kept++;
      const cells = names.map(({ index }) => Uint8Array.from(bytes.subarray(starts[index], ends[index])));
      slots[slot] = { cells, message };
    }
    return message;
  };
}
