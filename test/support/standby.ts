/** A primary and its standby, both real, behind one address, as a deployment has them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../../gateway/storage/embedded.ts';
import { migrate } from '../../gateway/storage/migrate.ts';
import { createPool, type Pool } from '../../gateway/storage/pool.ts';
import { startTcpProxy } from './faults/tcp-proxy.ts';
import { atPort } from './ports.ts';
import { withDatabase } from './with-database.ts';

const STREAMING = { shared_buffers: '64MB', wal_level: 'replica', max_wal_senders: '4', wal_keep_size: '256MB' };
const DATABASE = 'lienthong';
const SOON = { timeout: 30_000, interval: 100 };

export interface Pair {
  /** Leads to whichever of them is the primary. */
  readonly url: string;
  readonly pool: Pool;
  /** Resolves once the primary sends the standby what it writes. */
  streaming(): Promise<void>;
  stopStandby(): Promise<void>;
  startStandby(): Promise<void>;
  /** The primary stops without a word and never comes back; the standby, started if it is not, takes its place and waits for nobody. */
  failOver(): Promise<void>;
  drop(): Promise<void>;
}

/** `synchronous`: each commit waits for the disk of the standby. */
export async function createPair({ synchronous }: { readonly synchronous: boolean }): Promise<Pair> {
  const waiting = synchronous ? { ...STREAMING, synchronous_standby_names: 'ANY 1 (standby)' } : STREAMING;
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-pair-'));
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  let primary = await atPort((port) => startEmbedded({ dataDir: first, durable: true, port, settings: STREAMING }));
  const { port } = primary;
  const admin = createPool({ url: primary.url, max: 1 });
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.end();
  const own = createPool({ url: withDatabase(primary.url, DATABASE), max: 1 });
  await migrate(own);
  await own.end();
  // A copy of a server that is down is a standby's beginning, once it is told to be one; owners and modes go with it.
  await primary.stop();
  execFileSync('cp', ['-a', first, second]);
  writeFileSync(join(second, 'cluster', 'standby.signal'), '');
  primary = await startEmbedded({ dataDir: first, durable: true, port, settings: waiting });
  const { username, password } = new URL(primary.url);
  const conninfo = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=standby`;
  const follow = (at: number) =>
    startEmbedded({
      ...{ dataDir: second, durable: true, port: at },
      settings: { ...STREAMING, primary_conninfo: conninfo },
    });
  let standby: EmbeddedServer | undefined = await atPort(follow);
  const standbyPort = standby.port;

  let serving = port;
  const proxy = await startTcpProxy({ port: () => serving });
  const url = withDatabase(primary.url.replace(`:${port}/`, `:${proxy.port}/`), DATABASE);
  const pool = createPool({ url, max: 4, applicationName: 'test' });
  return {
    url,
    pool,
    async streaming() {
      const wanted = { state: 'streaming', sync_state: synchronous ? 'quorum' : 'async' };
      const said = 'SELECT state, sync_state FROM pg_stat_replication';
      await vi.waitFor(async () => expect((await pool.query(said)).rows).toEqual([wanted]), SOON);
    },
    async stopStandby() {
      await standby?.stop();
      standby = undefined;
    },
    async startStandby() {
      standby = await follow(standbyPort);
    },
    async failOver() {
      process.kill(primary.pid, 'SIGQUIT');
      await primary.stop().catch(() => undefined);
      proxy.partition(true);
      serving = standbyPort;
      standby ??= await follow(standbyPort);
      const there = createPool({ url: standby.url, max: 1 });
      await there.query('SELECT pg_promote()');
      await there.end();
      proxy.partition(false);
    },
    async drop() {
      await pool.end();
      await proxy.close();
      for (const server of [standby, primary]) await server?.stop().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
