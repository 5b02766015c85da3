import { expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Stages } from '../exchange/pipeline.ts';
import { CallRefused } from '../exchange/refused.ts';
import { STAGES } from '../exchange/stage-names.ts';
import { watchPorts } from './watch-ports.ts';
import { watchStages } from './watch-stages.ts';
import { allOf, type Watcher } from './watcher.ts';

const seen: string[] = [];
const noting = (name: string): Watcher => ({
  async call({ method }, work, endingOf) {
    seen.push(`${name} ${method}`);
    const result = await work();
    seen.push(`${name} ${endingOf(result).outcome}`);
    return result;
  },
  chunk: (work) => work(),
  stage: (stage) => (error) => void seen.push(`${name} ${stage}${error === undefined ? '' : ' failed'}`),
  rows: (totals) => void seen.push(`${name} ${totals.length} totals`),
});

const refused = new CallRefused(ErrorReason.NOT_AGREED);
const recorded = { redelivery: false };
const stages = {
  authenticate: () => 'authenticated',
  verify: () => 'verified',
  decide: () => {
    throw refused;
  },
  consent: async () => 'consented',
  fetch: () => Promise.reject(refused),
  filter: async () => 'filtered',
  recorder: { record: async () => recorded, recordRefusal: async () => 'replayed', mustBeWriter: () => {} },
  signer: { sign: () => 'signed', signRefusal: () => 'signed' },
} as unknown as Stages;

it('gives what the stages give, throws what they throw, and tells every watcher of each', async () => {
  seen.length = 0;
  const watched = watchStages(stages, allOf([noting('a'), noting('b')]));
  const any = undefined as never;
  expect([watched.authenticate(any), watched.verify(any, any)]).toEqual(['authenticated', 'verified']);
  expect(() => watched.decide(any, any)).toThrow(refused as unknown as Error);
  expect(await watched.consent(any)).toBe('consented');
  await expect(watched.fetch(any)).rejects.toBe(refused);
  expect(await watched.filter(any)).toBe('filtered');
  const filtered = { view: { kind: 'rows', rows: { totals: [0, 1] } } };
  expect(await watched.recorder.record(filtered as never)).toBe(recorded);
  expect(watched.signer.sign(any, any)).toBe('signed');
  const told = STAGES.map((stage) => (stage === 'decide' || stage === 'fetch' ? `${stage} failed` : stage));
  expect(seen.filter((line) => line.startsWith('a '))).toEqual(
    told.flatMap((line) => (line === 'record' ? ['a 2 totals', 'a record'] : [`a ${line}`])),
  );
  expect(seen.filter((line) => line.startsWith('b '))).toHaveLength(told.length + 1);
});

it('tells of calls and streams how they ended', async () => {
  seen.length = 0;
  const refusal = { code: 7, message: '', details: new Uint8Array(0), reason: ErrorReason.NOT_AGREED } as const;
  const ports = watchPorts(
    {
      unary: async () => ({ refusal }),
      open: async () => ({ message: new Uint8Array(0) }),
      chunks: async () => refusal,
    },
    allOf([noting('a')]),
    '/s/Stream',
  );
  await ports.unary({ method: '/s/Unary' } as never);
  await ports.open({ method: '/s/Open' } as never);
  await ports.chunks({} as never);
  expect(seen).toEqual(['a /s/Unary', 'a NOT_AGREED', 'a /s/Open', 'a OK', 'a /s/Stream', 'a NOT_AGREED']);
});
