/** What was answered stands on a second disk, or is not answered: a primary that never comes back takes nothing with it. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { verifyLog } from '../../gateway/audit/verify-log.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { contextOf, type RawCaller, type RawOutcome, requestBytes } from '../support/gateway-calls.ts';
import { createPair, type Pair } from '../support/standby.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const soon = { timeout: 60_000, interval: 200 };
const AWAY = { reason: 'STORAGE_UNAVAILABLE', message: undefined };

let pair: Pair;
let gateway: TestGateway;
let caller: RawCaller;

async function start(options: { readonly synchronous: boolean }): Promise<void> {
  pair = await createPair(options);
  gateway = await startTestGateway({ database: pair, crowd: 0, config: { metrics: { port: 0 } } });
  caller = gateway.raw('viettel');
  await pair.streaming();
}
afterEach(() => gateway?.stop());

const ask = () => caller.attempt(verifyPerson, AN);
const answers = () => vi.waitFor(async () => expect((await ask()).code).toBe(0), soon);
const leafOf = ({ claims }: RawOutcome) => claims?.leaf ?? 'none';

async function scraped(line: RegExp): Promise<string | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
  return line.exec(text)?.[1];
}
const state = () => scraped(/^lienthong_state\{state="([a-z_]+)"\} 1$/m);

/** The log's entries: what each is, by its id. */
async function entries(): Promise<Map<string, { readonly kind: EntryKind; readonly requestId: string }>> {
  const { rows } = await pair.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
  return new Map(
    rows.map(({ entry }) => {
      const { entryId, kind, context } = fromBinary(EntrySchema, entry);
      return [Buffer.from(entryId).toString('base64url'), { kind, requestId: context?.requestId ?? '' }];
    }),
  );
}

describe('a standby whose disk each commit waits for', () => {
  beforeEach(() => start({ synchronous: true }));

  test('is away: whoever asks is told so, signed, nothing is disclosed; once it is back, what was asked before is answered once', async () => {
    await answers();
    await pair.stopStandby();
    const context = contextOf(caller.identity);
    const bytes = requestBytes(caller.identity, verifyPerson.input, { context, ...AN });
    const others = Promise.all([ask(), ask(), ask()]);
    const outcome = await caller.sign(verifyPerson, bytes);
    for (const refused of [outcome, ...(await others), await ask()]) {
      expect(refused).toMatchObject(AWAY);
      expect([refused.claims === undefined, refused.claims?.leaf], 'signed, without a leaf').toEqual([
        false,
        undefined,
      ]);
    }
    expect(await state()).toBe('cut_off');

    await pair.startStandby();
    await answers();
    expect(await state()).toBe('serving');
    expect((await caller.sign(verifyPerson, bytes)).code).toBe(0);
    const mine = [...(await entries()).values()].filter(({ requestId }) => requestId === context.requestId);
    const answered = mine.filter(({ kind }) => kind === EntryKind.UNARY);
    expect(answered).toHaveLength(1);
    expect((await verifyLog(pair.pool)).findings).toEqual([]);
  });

  test('takes the place of a primary that never comes back: every answer that was given stands in its log, and all goes on', async () => {
    const given: string[] = [];
    let over = false;
    const asking = Array.from({ length: 4 }, async () => {
      while (!over) {
        const outcome = await ask();
        if (outcome.code === 0) given.push(leafOf(outcome));
        else expect(outcome).toMatchObject(AWAY);
      }
    });
    await vi.waitFor(() => expect(given.length).toBeGreaterThan(50), soon);
    const before = given.length;
    await pair.failOver();
    await vi.waitFor(() => expect(given.length).toBeGreaterThan(before + 50), soon);
    over = true;
    await Promise.all(asking);
    const stored = await entries();
    expect(given.filter((leaf) => !stored.has(leaf))).toEqual([]);
    expect((await verifyLog(pair.pool)).findings).toEqual([]);
    expect(await state()).toBe('serving');
  });
});

test('a standby that nobody waited for, and that lags, is found out: it lacks what was answered, and nothing is disclosed any more', async () => {
  await start({ synchronous: false });
  await answers();
  await pair.stopStandby();
  await answers();
  // Kept outside of the database: what shows that the other log is shorter.
  await vi.waitFor(async () => expect(await scraped(/^lienthong_log_head_waiting_seconds (\S+)$/m)).toBe('0'), soon);
  await pair.failOver();
  await vi.waitFor(async () => expect((await ask()).reason).toBe('LOG_BROKEN'), soon);
  expect(await state()).toBe('broken');
});
