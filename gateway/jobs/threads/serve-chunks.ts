/** A thread's side: chunks by ticket, a step at a time. */
import type { MessagePort } from 'node:worker_threads';
import { createGuardUnits, type GuardKeys } from '../../exchange/guard-units.ts';
import type { RowLookup } from '../../exchange/lookup-port.ts';
import { deskHere, type RowDesk } from '../../exchange/row-desk.ts';
import { createPeopleSealer, type PeopleKeys, type SealedPeople } from '../../exchange/seal-people.ts';
import { drawEntryId } from '../../sealing/entry-id.ts';
import { told } from '../../threads/told-error.ts';
import { readChunkPayload } from '../chunk-work.ts';
import type { ChunkReply, ChunkRequest, StepResults } from './messages.ts';

export interface ChunkThreadDeps {
  readonly lookup: RowLookup;
  readonly keys: PeopleKeys;
  readonly guardKeys: GuardKeys;
}

/** Serves steps from `port` until it is closed. Each is answered once, whatever it throws. */
export function serveChunks(port: MessagePort, { lookup, keys, guardKeys }: ChunkThreadDeps): void {
  const desks = new Map<number, RowDesk>();
  const sealPeople = createPeopleSealer(keys);
  const units = createGuardUnits(guardKeys);

  function deskOf(ticket: number): RowDesk {
    const desk = desks.get(ticket);
    if (desk === undefined) throw new TypeError('no chunk lies under this ticket');
    return desk;
  }

  async function run(request: ChunkRequest): Promise<StepResults[ChunkRequest['op']]> {
    const { ticket } = request;
    switch (request.op) {
      case 'open': {
        const { num, ackedThrough, rows } = readChunkPayload(request.payload, request.maxRows, request.habits);
        desks.set(ticket, deskHere(rows, lookup, units));
        return { num, ackedThrough, count: rows.count };
      }
      case 'resolve':
        return deskOf(ticket).resolve();
      case 'read':
        return deskOf(ticket).read(
          request.covered && { ...request.covered, covered: new Set(request.covered.covered) },
        );
      case 'judge': {
        const desk = deskOf(ticket);
        desks.delete(ticket);
        const judged = await desk.judge(request.rules);
        if ('entryId' in judged.people) throw new TypeError('a chunk is judged where it lies');
        const { proof } = judged;
        const people = sealPeople(judged.people, drawEntryId());
        // Small ones by themselves: with a view of the shared pool all of the pool would cross.
        return {
          ...judged,
          people: {
            ...people,
            entryId: Buffer.from(new Uint8Array(people.entryId).buffer),
            root: new Uint8Array(people.root),
          },
          ...(proof === undefined
            ? {}
            : { proof: { seed: new Uint8Array(proof.seed), root: new Uint8Array(proof.root) } }),
        };
      }
      case 'close':
        desks.delete(ticket);
        return undefined;
    }
  }

  port.on('message', (request: ChunkRequest) => {
    run(request).then(
      (value) => port.postMessage({ id: request.id, value } satisfies ChunkReply, givenAway(value)),
      (error: unknown) => {
        desks.delete(request.ticket);
        port.postMessage({ id: request.id, ...told(error) } satisfies ChunkReply);
      },
    );
  });
}

/** What a judged chunk comes back in, without a copy. */
function givenAway(value: StepResults[ChunkRequest['op']]): ArrayBuffer[] {
  if (value === undefined || !('results' in value)) return [];
  const { stored } = value.people as SealedPeople;
  const { guard } = value;
  const parts = [
    value.results,
    value.unconsented,
    guard.units,
    guard.tags,
    stored?.personLeaves,
    stored?.persons,
    stored?.personBodies,
  ];
  // Small ones are parts of a buffer that others have parts of.
  return parts.flatMap((part) =>
    part !== undefined && part.length > 0 && part.length === part.buffer.byteLength ? [part.buffer as ArrayBuffer] : [],
  );
}
