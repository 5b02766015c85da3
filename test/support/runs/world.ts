/** Where runs take place: database, gateway and client, with a proxy before the gateway and one before the database. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { createOwnCluster, type OwnCluster } from '../database.ts';
import type { SmallDisk } from '../faults/full-disk.ts';
import {
  type Counts,
  type Fault,
  type FromProcess,
  readSuffered,
  type Suffered,
  type ToProcess,
} from '../faults/plan.ts';
import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import { type GatewayProcess, startTestGateway, type TestGateway } from '../gateway.ts';
import type { ClientOptions } from './client-run.ts';
import { subscribersFile } from './file.ts';

export interface WorldOptions {
  /** Records of the file; chunks have 256. */
  readonly rows: number;
  readonly crowd: number;
  /** The gateway keeps its heads on this disk, unless in its own folder. */
  readonly headsDisk?: SmallDisk | undefined;
}

export interface World {
  readonly cluster: OwnCluster;
  readonly gateway: TestGateway;
  readonly keys: KeyRing;
  readonly file: string;
  /** Folder for outputs. */
  readonly folder: string;
  /** Profile whose address is the proxy before the gateway. */
  readonly profile: string;
  readonly headsDisk: SmallDisk | undefined;
  readonly toGateway: TcpProxy;
  readonly toDatabase: TcpProxy;
  options(out: string): ClientOptions;
  /** Tells the gateway that serves now where to break; resolves when it knows. */
  arm(faults: readonly Fault[]): Promise<void>;
  /** Tells every gateway that starts from now on. */
  armAtStart(faults: readonly Fault[]): void;
  counts(): Promise<Counts>;
  /** Faults that gateways suffered since the last call. */
  takeSuffered(): Suffered[];
  /** Called as soon as a gateway suffers one. */
  onSuffered(listener: (fault: Suffered) => void): void;
  /** Waits until a gateway serves. */
  serving(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld({ rows, crowd, headsDisk }: WorldOptions): Promise<World> {
  const cluster = await createOwnCluster();
  const toDatabase = await startTcpProxy({ port: () => cluster.server.port });
  const url = new URL(cluster.url);
  url.port = String(toDatabase.port);
  let atStart: readonly Fault[] = [];
  const database = { ...cluster, url: url.toString() };
  const gateway = await startTestGateway({ database, crowd, armed: true, faults: () => atStart });
  const toGateway = await startTcpProxy({ port: () => gateway.port });
  const profile = join(gateway.folder, 'agencies', 'through-proxy');
  cpSync(gateway.deployment.profiles.viettel ?? '', profile, { recursive: true });
  rewrite(join(profile, 'config.json'), (config) => ({ ...config, address: `localhost:${toGateway.port}` }));
  if (headsDisk !== undefined) {
    const heads = join(headsDisk.path, 'heads');
    rewrite(gateway.deployment.configPath, (config) => ({
      ...config,
      log: { ...Object(config.log), heads: `file:${heads}` },
    }));
    cpSync(join(gateway.folder, 'gateway', 'heads'), heads);
    await gateway.restart();
  }
  const file = join(gateway.folder, 'subscribers.csv');
  writeFileSync(file, subscribersFile(rows, crowd));
  const supervisor = supervise(gateway);

  return {
    cluster,
    gateway,
    keys: loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8'))),
    file,
    folder: gateway.folder,
    profile,
    headsDisk,
    toGateway,
    toDatabase,
    options: (out) => ({ file, out, profile, chunkRows: 256, inFlight: 4, giveUpMs: 30_000, stallMs: 5000 }),
    arm: async (faults) => void (await ask(gateway.process, { arm: faults })),
    armAtStart(faults) {
      atStart = faults;
    },
    counts: async () => {
      const told = await ask(gateway.process, { tell: 'counts' });
      return 'counts' in told ? told.counts : {};
    },
    takeSuffered: supervisor.takeSuffered,
    onSuffered: supervisor.onSuffered,
    serving: supervisor.serving,
    async close() {
      await supervisor.stop();
      await Promise.all([toGateway.close(), toDatabase.close()]);
      await gateway.stop();
    },
  };
}

function rewrite(path: string, change: (config: Record<string, unknown>) => object): void {
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, `${JSON.stringify(change(config))}\n`, { mode: 0o600 });
}

const isGone = ({ child }: GatewayProcess) => child.exitCode !== null || child.signalCode !== null;

function ask({ child }: GatewayProcess, message: ToProcess): Promise<FromProcess> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the gateway ended before it could be told'));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer as FromProcess);
    });
    child.send(message, (error) => error && reject(error));
  });
}

/** Starts a gateway again whenever it ends, as often as it takes while the database is away. */
function supervise(gateway: TestGateway) {
  const suffered: Suffered[] = [];
  let listener: (fault: Suffered) => void = () => undefined;
  let over = false;
  /** Lines read of each process so far. */
  const read = new Map<GatewayProcess, number>();
  let running = Promise.resolve();

  function listen(): void {
    read.set(gateway.process, read.get(gateway.process) ?? 0);
    for (const [{ lines }, from] of read) {
      for (const line of lines.slice(from)) {
        const fault = readSuffered(line);
        if (fault === undefined) continue;
        suffered.push(fault);
        listener(fault);
      }
    }
    for (const each of read.keys()) read.set(each, each.lines.length);
  }

  async function watch(): Promise<void> {
    while (!over) {
      listen();
      if (isGone(gateway.process)) {
        await gateway.process.stop();
        listen();
        await gateway.restart('SIGKILL').catch(() => sleep(200));
      }
      await sleep(10);
    }
  }
  running = watch();

  return {
    takeSuffered(): Suffered[] {
      listen();
      return suffered.splice(0);
    },
    onSuffered(to: (fault: Suffered) => void): void {
      listener = to;
    },
    async serving(): Promise<void> {
      while (isGone(gateway.process)) await sleep(20);
    },
    async stop(): Promise<void> {
      over = true;
      await running;
    },
  };
}
