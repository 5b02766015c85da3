import { describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { refuse } from '../errors/refuse.ts';
import { createSharedCounts } from '../threads/shared-counts.ts';
import { createSharedMemory } from '../threads/shared-names.ts';
import { type AdmissionDeps, admit } from './admission.ts';
import { createCallTurns } from './call-turns.ts';
import type { ChunkStream, ChunkStreamPort, OpenCall, OpenPort, UnaryCall, UnaryPort } from './ports.ts';
import { CallRefused } from './refused.ts';

const PEERS: Readonly<Record<string, string>> = { a1: 'entity-a', a2: 'entity-a', b: 'entity-b' };

function setUp() {
  const open: (() => void)[] = [];
  const hang = () => new Promise<void>((resolve) => open.push(resolve));
  const deps: AdmissionDeps = {
    authenticate(peer) {
      const legalEntity = PEERS[peer?.fingerprint ?? ''];
      if (legalEntity === undefined) throw new CallRefused(ErrorReason.CERTIFICATE_UNKNOWN);
      return { caller: { legalEntity } } as ReturnType<AdmissionDeps['authenticate']>;
    },
    async refuseCall(error) {
      const { reason, facts } = error as CallRefused;
      return { ...refuse(reason, facts), traceableId: JSON.stringify(facts) };
    },
    calls: createSharedCounts(createSharedMemory(16, 4), 2),
    streams: createSharedCounts(createSharedMemory(16, 4), 1),
    streamMethod: '/s/Stream',
    turns: createCallTurns({ strangers: '', besideOthers: 2, nowMs: () => 0 }),
  };
  const ports = admit(
    {
      unary: (async () => {
        await hang();
        return { message: new Uint8Array(0), signature: '' };
      }) as UnaryPort,
      open: (async () => ({ message: new Uint8Array(0) })) as OpenPort,
      chunks: (async () => {
        await hang();
        return {};
      }) as ChunkStreamPort,
    },
    deps,
  );
  const peer = (name: string) => ({ fingerprint: name, notAfter: 0 });
  return {
    call: (name: string) => ports.unary({ peer: peer(name) } as UnaryCall),
    open: (name: string) => ports.open({ peer: peer(name) } as OpenCall),
    othersCall: deps.turns.othersCall,
    stream: (name: string) => ports.chunks({ peer: peer(name) } as ChunkStream),
    finishAll: () => {
      for (const finish of open.splice(0)) finish();
    },
  };
}

describe('jobs of others', () => {
  it('hold back beside signed calls of somebody known, not beside strangers and open questions', async () => {
    const { call, open, othersCall, finishAll } = setUp();
    await open('b');
    const stranger = call('nobody');
    expect(othersCall('entity-a')).toBe(false);
    const served = call('b');
    expect([othersCall('entity-a'), othersCall('entity-b')]).toEqual([true, false]);
    finishAll();
    await Promise.all([stranger, served]);
  });
});

describe('one legal entity', () => {
  it('has so many calls at once, over all its certificates, and another its own', async () => {
    const { call, finishAll } = setUp();
    const served = [call('a1'), call('a2'), call('b')];
    const refused = await call('a1');
    expect(refused).toMatchObject({ refusal: { reason: ErrorReason.LIMITED } });
    expect('refusal' in refused && JSON.parse(refused.refusal.traceableId ?? '')).toEqual({
      retryAfterMs: 500,
      limits: ['RATE'],
    });
    finishAll();
    expect((await Promise.all(served)).every((answer) => 'message' in answer)).toBe(true);
    const next = call('a1');
    finishAll();
    expect(await next).toHaveProperty('message');
  });

  it('has so many streams, beside its calls', async () => {
    const { call, stream, finishAll } = setUp();
    const first = stream('a1');
    expect(await stream('a2')).toMatchObject({ reason: ErrorReason.LIMITED });
    const others = [call('a1'), stream('b')];
    finishAll();
    expect(await first).toEqual({});
    await Promise.all(others);
    const again = stream('a2');
    finishAll();
    expect(await again).toEqual({});
  });

  it('is not counted where it is nobody: the port refuses it', async () => {
    const { call, finishAll } = setUp();
    const strangers = [call('x'), call('x'), call('x')];
    finishAll();
    expect(await Promise.all(strangers)).toHaveLength(3);
  });
});
