/** Worker thread of the first load: blocks of the file in, rows of COPY out. */
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { DeploymentKind } from '../deployment.ts';
import type { Block } from './frame.ts';
import { createLoader } from './load-block.ts';
import type { NumberLine } from './numbers.ts';
import type { ImportPlan } from './plan.ts';
import type { Reject } from './reject.ts';

export interface LoadWorkerData {
  readonly plan: ImportPlan;
  readonly deployment: DeploymentKind;
  readonly today: number;
  readonly importNo: number;
  readonly key: KeyObject;
  readonly keyId: string;
}

export interface LoadedBlock {
  readonly person: Uint8Array<ArrayBuffer>;
  readonly identifier: Uint8Array<ArrayBuffer>;
  readonly relation: Uint8Array<ArrayBuffer>;
  /** Rows of `person_match`, in order of the value. */
  readonly match: Uint8Array<ArrayBuffer>;
  readonly numbers: readonly NumberLine[];
  readonly rejects: readonly Reject[];
  readonly rows: number;
  readonly persons: number;
  /** (record, line) wherever the difference of the two changes, to find the line of a person again. */
  readonly marks: readonly (readonly [record: number, line: number])[];
}

if (parentPort !== null) {
  const port = parentPort;
  const load = createLoader(workerData as LoadWorkerData);
  port.on('message', (block: Omit<Block, 'bytes'> & { bytes: Uint8Array }) => {
    const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength);
    const loaded = load({ ...block, bytes });
    const { person, identifier, relation, match } = loaded;
    port.postMessage(loaded, [person.buffer, identifier.buffer, relation.buffer, match.buffer]);
  });
}
