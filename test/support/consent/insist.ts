/** People who ask again until they are heard, and wait until they are told that nothing is on its way any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { ConsentService, MatterState, type Receipt } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { RawCaller } from '../gateway-calls.ts';
import type { ActingCitizen, Citizens, PersonMethod } from '../gateway-persons.ts';

export interface InsistenceDeps {
  readonly citizens: Citizens;
  /** Through which they act. */
  readonly channel: RawCaller;
}

/** For what never comes: a gateway that is frozen for good is waited for until its lease is over, and until it was ended. */
export const PATIENCE_MS = 90_000;
const LOOK_MS = 100;

export function createInsistence({ citizens, channel }: InsistenceDeps) {
  /** Asks again, with the same words, while the log cannot be written. */
  async function insist<N extends PersonMethod>(name: N, act: object, person: ActingCitizen) {
    const method = ConsentService.method[name];
    const bytes = citizens.request(name, act, [person]);
    for (const last = performance.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
      const { message, reason, code, text } = await channel.sign(method, bytes);
      if (message !== undefined) return fromBinary(method.output as DescMessage, message) as { receipt?: Receipt };
      const later = reason === 'STORAGE_UNAVAILABLE' || code === status.DEADLINE_EXCEEDED;
      if (!later || performance.now() > last) throw new Error(`${name} was refused: ${reason ?? text}`);
    }
  }

  /** Resolves when it is acknowledged. */
  async function acknowledged(person: ActingCitizen, receipt: Receipt | undefined): Promise<void> {
    const last = performance.now() + PATIENCE_MS;
    for (let now = receipt; now?.state !== MatterState.ACKNOWLEDGED; await sleep(LOOK_MS)) {
      if (performance.now() > last) throw new Error('what was taken back was never acknowledged');
      ({ receipt: now } = await insist('getReceipt', { receiptId: receipt?.receiptId }, person));
    }
  }

  return { insist, acknowledged };
}
