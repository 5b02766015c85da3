import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import { createCounting } from './counting.ts';
import { HANDSHAKE_FAULTS, NOTHING_HELD } from './edge-usage.ts';
import type { MetricRow } from './metric-row.ts';
import { METRICS } from './metric-table.ts';
import { createMetrics, type ThreadFigures } from './metrics.ts';
import { listenForScrapes } from './metrics-listener.ts';
import { metricsTable } from './metrics-page.ts';
import type { Readings } from './read-gauges.ts';

const GET_PERSON = '/lienthong.person.v1.PersonService/GetPerson';
const readings: Readings = {
  callsInFlight: () => 3,
  edge: () => ({
    ...{ heldBytes: 11, peakHeldBytes: 12, waiting: 1, connections: 2, requests: 4 },
    turnedAway: {
      HANDSHAKES: 0,
      CONNECTIONS: 5,
      REQUESTS: 0,
      REFUSALS: 0,
      BYTES: 7,
      LENGTH: 0,
      PIECES: 0,
      SLOW: 0,
      NOISE: 0,
    },
    refusedHandshakes: { ...NOTHING_HELD.refusedHandshakes, EXPIRED: 3 },
  }),
  append: () => ({ items: 7, bytes: 900 }),
  lookups: () => 2,
  matching: () => ({ threads: 1, chunks: 4 }),
  pool: () => ({ total: 5, idle: 4, waiting: 1 }),
  ioThreads: () => 3,
  others: async () => [],
  state: () => 'draining',
  log: () => ({ size: 12, headWaitingSeconds: 0.5, headKeptAt: 1000 }),
  rules: () => ({ revision: 3, end: 2_000_000_000, refused: true }),
  ownKeys: () => ({ version: 2, refused: false }),
  ignored: () => 2,
  startedAt: 900,
  stored: async () => ({
    readAt: 1_000_000,
    usedTokens: 40,
    storedAnswers: 6,
    guessCrossings: 1,
    jobs: { OPEN: 2, PAUSED: 1 },
    agencyKeys: { active: 6 },
    accesses: { behindSeconds: 0.5, unmerged: 40 },
    delays: { uses: 3, until: 1_000_500 },
    matters: {
      counts: {
        withdrawal: { overdue: 0, soon: 1, later: 0 },
        restriction: { overdue: 0, soon: 0, later: 0 },
        objection: { overdue: 2, soon: 0, later: 4 },
        provision: { overdue: 0, soon: 0, later: 0 },
        correction: { overdue: 0, soon: 0, later: 0 },
        deletion: { overdue: 0, soon: 0, later: 1 },
      },
      nextDue: 999_000,
    },
    expiries: [
      { what: 'agreement', until: 1_000_000 + 8 * 86_400 },
      { what: 'agreement', until: 1_000_000 - 1 },
      { what: 'raised_limit', until: 1_000_000 + 7 * 86_400 },
    ],
  }),
};
const newMetrics = (of = readings) => {
  const counting = createCounting((error) => error === 'left');
  return { ...counting, ...createMetrics({ readings: of, counting }) };
};
const lines = async (metrics: ReturnType<typeof newMetrics>, start: string) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(start));
const counted = async (metrics: ReturnType<typeof newMetrics>, start: string) =>
  (await lines(metrics, start)).filter((line) => !line.endsWith(' 0'));

describe('what is told', () => {
  it('counts what the edge turned away as it stands, however often it is read', async () => {
    const metrics = newMetrics();
    await metrics.text();
    expect(await lines(metrics, 'lienthong_turned_away_total{why="BYTES"}')).toEqual([
      'lienthong_turned_away_total{why="BYTES"} 7',
    ]);
    expect(await lines(metrics, 'lienthong_held_bytes')).toEqual([
      'lienthong_held_bytes 11',
      'lienthong_held_bytes_peak 12',
    ]);
  });

  it('counts refused handshakes as they stand, each reason from 0 on', async () => {
    const metrics = newMetrics();
    await metrics.text();
    expect(await lines(metrics, 'lienthong_tls_handshakes_refused_total')).toEqual(
      HANDSHAKE_FAULTS.map(
        (why) => `lienthong_tls_handshakes_refused_total{why="${why}"} ${why === 'EXPIRED' ? 3 : 0}`,
      ),
    );
  });

  it('counts calls by how they end: answered, refused, left, failed', async () => {
    const metrics = newMetrics();
    const { call } = metrics.watcher;
    const facts = { method: GET_PERSON };
    await call(
      facts,
      async () => 1,
      () => ({ outcome: 'OK', requestId: 'a2345678' }),
    );
    await call(
      facts,
      async () => 1,
      () => ({ outcome: 'REPLAYED', requestId: 'a2345678' }),
    );
    await expect(
      call(
        facts,
        () => Promise.reject('left'),
        () => expect.fail('not reached'),
      ),
    ).rejects.toBe('left');
    await expect(
      call(
        facts,
        () => Promise.reject(new Error('x')),
        () => expect.fail('not reached'),
      ),
    ).rejects.toThrow();
    expect((await counted(metrics, 'lienthong_calls_total')).sort()).toEqual(
      ['CANCELLED', 'INTERNAL', 'OK', 'REPLAYED'].map(
        (outcome) => `lienthong_calls_total{method="${GET_PERSON}",outcome="${outcome}"} 1`,
      ),
    );
    expect(await lines(metrics, 'lienthong_call_duration_seconds_count')).toEqual([
      `lienthong_call_duration_seconds_count{method="${GET_PERSON}"} 4`,
    ]);
  });

  it('counts chunks while they last and when they end, and rows by verdict', async () => {
    const metrics = newMetrics();
    let release = (): void => {};
    const held = metrics.watcher.chunk(() => new Promise<void>((resolve) => (release = resolve)));
    expect(await lines(metrics, 'lienthong_chunks_in_flight')).toEqual(['lienthong_chunks_in_flight 1']);
    release();
    await held;
    const refused = new CallRefused(ErrorReason.LIMITED);
    await expect(metrics.watcher.chunk(() => Promise.reject(refused))).rejects.toBe(refused);
    metrics.watcher.rows([0, 40, 2, 0, 7, 0, 0, 0, 0, 0, 1]);
    expect(await lines(metrics, 'lienthong_chunks_in_flight')).toEqual(['lienthong_chunks_in_flight 0']);
    expect(await counted(metrics, 'lienthong_chunks_total')).toEqual([
      'lienthong_chunks_total{outcome="OK"} 1',
      'lienthong_chunks_total{outcome="LIMITED"} 1',
    ]);
    expect(await counted(metrics, 'lienthong_rows_total')).toEqual([
      'lienthong_rows_total{verdict="VERIFIED"} 40',
      'lienthong_rows_total{verdict="PROBABLE"} 2',
      'lienthong_rows_total{verdict="NOT_FOUND"} 7',
      'lienthong_rows_total{verdict="NOT_CONFIRMED"} 1',
    ]);
  });

  it('reads what stands when it is scraped', async () => {
    const text = await newMetrics().text();
    for (const line of [
      // Also one that has said nothing of itself.
      'lienthong_io_threads 3',
      'lienthong_append_queue_items 7',
      'lienthong_pool_connections{pool="log",state="used"} 1',
      'lienthong_state{state="draining"} 1',
      'lienthong_state{state="serving"} 0',
      'lienthong_jobs{state="PAUSED"} 1',
      'lienthong_jobs{state="DONE"} 0',
      'lienthong_expiry_timestamp_seconds{what="agreement"} 999999',
      'lienthong_expiring{what="agreement",within_days="7"} 1',
      'lienthong_expiring{what="agreement",within_days="30"} 2',
      'lienthong_expiring{what="raised_limit",within_days="7"} 1',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
  });
});

describe('what there is none of', async () => {
  const idle = await readings.stored();
  if (idle === undefined) throw new Error('the sample has stored facts');
  const nothing = {
    ...idle,
    delays: { uses: 0, until: 0 },
    matters: { ...idle.matters, nextDue: undefined },
    expiries: [],
  };
  const absent = [
    'lienthong_matters_next_due_timestamp_seconds',
    'lienthong_accesses_delayed_until_timestamp_seconds',
    'lienthong_log_head_kept_timestamp_seconds',
    'lienthong_expiry_timestamp_seconds',
  ];
  const told = async (metrics: ReturnType<typeof newMetrics>) =>
    (await Promise.all(absent.map((name) => lines(metrics, name)))).flat();

  it('has no line, neither from the start nor once it is over', async () => {
    let standing: { readonly stored: typeof idle; readonly keptAt: number | undefined };
    const metrics = newMetrics({
      ...readings,
      log: () => ({ ...readings.log(), headKeptAt: standing.keptAt }),
      stored: async () => standing.stored,
    });
    standing = { stored: nothing, keptAt: undefined };
    expect(await told(metrics)).toEqual([]);
    standing = { stored: idle, keptAt: 1000 };
    expect(await told(metrics)).toEqual([
      'lienthong_matters_next_due_timestamp_seconds 999000',
      'lienthong_accesses_delayed_until_timestamp_seconds 1000500',
      'lienthong_log_head_kept_timestamp_seconds 1000',
      'lienthong_expiry_timestamp_seconds{what="agreement"} 999999',
      'lienthong_expiry_timestamp_seconds{what="raised_limit"} 1604800',
    ]);
    standing = { stored: nothing, keptAt: undefined };
    expect(await told(metrics)).toEqual([]);
  });
});

describe('several threads', () => {
  const other = async (): Promise<ThreadFigures> => {
    const { watcher, registry } = createCounting(() => false);
    await watcher.call(
      { method: GET_PERSON },
      async () => 1,
      () => ({ outcome: 'OK', requestId: undefined }),
    );
    watcher.rows([0, 2]);
    return {
      // As it crosses from thread to thread.
      ...structuredClone({ counted: await registry.getMetricsAsJSON() }),
      usage: {
        callsInFlight: 10,
        chunksInFlight: 20,
        lookups: 1,
        matchingChunks: 2,
        pools: { lookups: { total: 4, idle: 1, waiting: 2 } },
        edge: { ...NOTHING_HELD, refusedHandshakes: { ...NOTHING_HELD.refusedHandshakes, EXPIRED: 2, LEFT: 1 } },
      },
    };
  };

  it('are one gateway: what each counts and has under way is added up', async () => {
    const figures = [await other(), await other()];
    const metrics = newMetrics({ ...readings, others: async () => figures });
    metrics.watcher.rows([0, 40]);
    const text = await metrics.text();
    for (const line of [
      'lienthong_tls_handshakes_refused_total{why="EXPIRED"} 7',
      'lienthong_tls_handshakes_refused_total{why="LEFT"} 2',
      'lienthong_io_threads 3',
      `lienthong_calls_total{method="${GET_PERSON}",outcome="OK"} 2`,
      `lienthong_call_duration_seconds_count{method="${GET_PERSON}"} 2`,
      'lienthong_rows_total{verdict="VERIFIED"} 44',
      'lienthong_calls_in_flight 23',
      'lienthong_chunks_in_flight 40',
      'lienthong_lookup_queue_items 4',
      'lienthong_matching_chunks 8',
      'lienthong_matching_threads 1',
      'lienthong_append_queue_items 7',
      'lienthong_pool_connections{pool="lookups",state="used"} 7',
      'lienthong_pool_connections{pool="lookups",state="idle"} 6',
      'lienthong_pool_connections{pool="log",state="idle"} 4',
      'lienthong_pool_waiting{pool="lookups"} 5',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    const names = text.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('names and labels', () => {
  const rows = Object.values<MetricRow>(METRICS);

  it('keep to the conventions of Prometheus', () => {
    for (const { name, type, buckets, help } of rows) {
      expect(name).toMatch(/^lienthong_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(buckets === undefined).toBe(type !== 'histogram');
      expect(help).toMatch(/^[A-Z1].*\.$/);
    }
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  it('are bounded: all series that there can ever be are a few thousand', () => {
    const most = rows.reduce((sum, { labels, buckets }) => {
      const series = Object.values(labels).reduce((product, values) => product * values.length, 1);
      return sum + series * ((buckets?.length ?? -2) + 3);
    }, 0);
    expect(most).toBeLessThan(4000);
  });

  it('stand on the page as they are', () => {
    const page = readFileSync(new URL('../docs/metrics.md', import.meta.url), 'utf8');
    expect(page).toContain(`\n${metricsTable()}\n`);
  });
});

describe('the listener', () => {
  it('answers GET /metrics and nothing else, and says 500 where it cannot', async () => {
    const faults: unknown[] = [];
    const metrics = newMetrics();
    let broken = false;
    const text = () => (broken ? Promise.reject(new Error('901085000017')) : metrics.text());
    const listener = await listenForScrapes({ host: '127.0.0.1', port: 0 }, { ...metrics, text }, (f) =>
      faults.push(f),
    );
    const at = `http://127.0.0.1:${listener.port}`;
    const good = await fetch(`${at}/metrics`);
    expect(good.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await good.text()).toContain('process_resident_memory_bytes');
    expect((await fetch(`${at}/`)).status).toBe(404);
    expect((await fetch(`${at}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    broken = true;
    const bad = await fetch(`${at}/metrics`);
    expect([bad.status, await bad.text()]).toEqual([500, '']);
    expect(faults).toHaveLength(1);
    await listener.close();
    await expect(fetch(`${at}/metrics`)).rejects.toThrow();
  });
});
