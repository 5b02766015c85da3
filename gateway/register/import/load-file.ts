/** The whole file through the worker threads into the tables of a first load, in the order of its blocks. */
import type { ImportContext } from './context.ts';
import { createLoadPool, type LoadPool } from './load-pool.ts';
import type { Target } from './load-target.ts';
import type { LoadedBlock } from './load-worker.ts';
import type { MatchRuns } from './match-runs.ts';
import type { NumberLine } from './numbers.ts';

export interface Loaded {
  rows: number;
  persons: number;
  hasRelations: boolean;
  /** Rows of numbers that are no longer current. */
  readonly numbers: NumberLine[];
  /** (record, line) wherever the difference of the two changes. */
  readonly marks: (readonly [number, number])[];
}

/** The line of a person whose number is the place of its record. */
export function lineOf({ marks }: Loaded, personNo: number): number {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((marks[middle]?.[0] ?? 0) <= personNo) low = middle;
    else high = middle - 1;
  }
  const [record, line] = marks[low] ?? [0, 0];
  return line + personNo - record;
}

/** Starts the threads; they are of use after a quarter of a second. */
export async function startWorkers(context: ImportContext): Promise<LoadPool> {
  const { source, keys } = context;
  return createLoadPool({
    plan: source.plan,
    key: await keys.key(keys.keyId),
    keyId: keys.keyId,
    deployment: context.deployment,
    today: context.today,
    importNo: context.importNo,
  });
}

export async function loadFile(
  context: ImportContext,
  workers: LoadPool,
  targets: Readonly<Record<'person' | 'identifier' | 'relation', Target>>,
  runs: MatchRuns,
): Promise<Loaded> {
  const { source, rejects } = context;
  const read: Loaded = { rows: 0, persons: 0, hasRelations: false, numbers: [], marks: [] };
  let bytes = 0;
  const store = async (loaded: LoadedBlock, size: number) => {
    runs.add(loaded.match);
    await Promise.all([
      targets.person.write(loaded.person),
      targets.identifier.write(loaded.identifier),
      loaded.relation.length > 0 ? targets.relation.write(loaded.relation) : undefined,
      rejects.add(loaded.rejects),
    ]);
    read.rows += loaded.rows;
    read.persons += loaded.persons;
    read.hasRelations ||= loaded.relation.length > 0;
    for (const number of loaded.numbers) read.numbers.push(number);
    for (const mark of loaded.marks) {
      const before = read.marks.at(-1);
      if (before === undefined || mark[1] - mark[0] !== before[1] - before[0]) read.marks.push(mark);
    }
    bytes += size;
    context.onProgress({ rows: read.rows, bytes, phase: 'reading' });
  };
  const flight: { size: number; loaded: Promise<LoadedBlock> }[] = [];
  const settle = async () => {
    const first = flight.shift();
    if (first !== undefined) await store(await first.loaded, first.size);
  };
  for await (const block of source.blocks()) {
    const size = block.bytes.length;
    const loaded = workers.run(block);
    loaded.catch(() => {});
    flight.push({ size, loaded });
    if (flight.length >= workers.width) await settle();
  }
  while (flight.length > 0) await settle();
  return read;
}
