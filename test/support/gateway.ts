/** A whole gateway for one test file: a database, a development deployment, a few people, and the process itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createSignedClient, type SignedClient } from '../../connectors/kit/client.ts';
import { loadProfile } from '../../connectors/kit/profile.ts';
import { descriptorSet } from '../../gateway/contract/descriptors.ts';
import { createDevelopmentDeployment, type DevelopmentDeployment } from '../../gateway/development/deployment.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../../gateway/fields/vocabulary.ts';
import { policyVocabulary } from '../../gateway/policy/vocabulary.ts';
import { loadSigningKey } from '../../gateway/signing/key-store.ts';
import type { Pool } from '../../gateway/storage/pool.ts';
import { createTestDatabase } from './database.ts';
import { type Fault, PLAN_ENV } from './faults/plan.ts';
import { type CallerPlace, createRawCaller, type Identity, type RawCaller } from './gateway-calls.ts';
import { addPeople, crowdPerson, PEOPLE, type TestPerson } from './gateway-people.ts';
import { atPort } from './ports.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'gateway', 'main.ts');
/** Put in front of a process, it breaks it where a test says. */
const ARM = join(import.meta.dirname, 'faults', 'arm.ts');
/** For one that does not come; while others use the machine, a start of two seconds may take ten times as long. */
const START_MS = 60_000;

/** One gateway process. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly port: number;
  /** Where its metrics are read; undefined where none were configured. */
  readonly metricsPort: number | undefined;
  /** All that it wrote on standard error, a JSON line each, and on standard output. */
  readonly lines: readonly string[];
  /** Sends a signal and resolves to the exit code or signal when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export interface TestGateway {
  readonly deployment: DevelopmentDeployment;
  readonly database: { readonly url: string; readonly pool: Pool };
  readonly folder: string;
  /** The process that serves now. */
  readonly process: GatewayProcess;
  readonly port: number;
  /** Lines of all processes so far. */
  logged(): string[];
  identity(agency: string): Identity;
  /** Calls with any bytes and any token, over a connection of its own; `identity` may be made up. */
  raw(identity: string | Identity, at?: Partial<CallerPlace>): RawCaller;
  client(agency: string): Promise<SignedClient>;
  /** Stops the process (unless it is gone) and starts another on the same port. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** A further process on the same database and keys, on a port of its own. */
  another(): Promise<GatewayProcess>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  /** The hand-made people unless given. */
  readonly people?: readonly TestPerson[];
  /** So many of the crowd besides; 300 unless given. */
  readonly crowd?: number;
  /** Members of the config file besides what a development deployment has; `accesses` is left to others unless it is here. */
  readonly config?: object;
  /** A database of its own in place of a clone on the shared cluster. */
  readonly database?: { readonly url: string; readonly pool: Pool; drop(): Promise<void> };
  /** Processes that can be told over IPC where to break (`faults/arm.ts`). */
  readonly armed?: boolean;
  /** Where a process that starts is to break, asked at each start. */
  readonly faults?: () => readonly Fault[];
}

/** Starts the program; rejects with its last lines where it does not come to listen. */
export function startProcess(
  configPath: string,
  { armed = false, faults = [] }: { armed?: boolean; faults?: readonly Fault[] } = {},
): Promise<GatewayProcess> {
  const before = armed ? ['--disable-warning=ExperimentalWarning', '--import', ARM] : [];
  const child = spawn(process.execPath, [...before, MAIN, '--config', configPath], {
    stdio: ['ignore', 'pipe', 'pipe', ...(armed ? (['ipc'] as const) : [])],
    env: { ...process.env, LIENTHONG_LOG_LEVEL: 'debug', ...(armed ? { [PLAN_ENV]: JSON.stringify({ faults }) } : {}) },
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a process without pipes');
  const lines: string[] = [];
  const gone = new Promise<number | NodeJS.Signals | null>((done) => {
    child.once('exit', (code, signal) => done(signal ?? code));
  });
  const self = (port: number, metricsPort: number | undefined): GatewayProcess => ({
    child,
    port,
    metricsPort,
    lines,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return gone;
    },
  });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
    gone.then(() => {
      clearTimeout(late);
      reject(new Error(`the gateway did not come to listen:\n${lines.slice(-5).join('\n')}`));
    });
    createInterface({ input: stderr }).on('line', (line) => lines.push(line));
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line);
      if (!line.startsWith('{"event":"listening"')) return;
      const said = JSON.parse(line) as { event?: string; port?: number; metrics_port?: number };
      if (said.event !== 'listening' || said.port === undefined) return;
      clearTimeout(late);
      resolve(self(said.port, said.metrics_port));
    });
  });
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const database = options.database ?? (await createTestDatabase());
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-gateway-'));
  const crowd = Array.from({ length: options.crowd ?? 300 }, (_, n) => crowdPerson(n));
  const people = addPeople(database.pool, [...(options.people ?? Object.values(PEOPLE)), ...crowd]);
  const processes: GatewayProcess[] = [];
  const callers: { close(): void }[] = [];
  const start = async (configPath: string): Promise<GatewayProcess> => {
    const started = await startProcess(configPath, { armed: options.armed === true, faults: options.faults?.() ?? [] });
    processes.push(started);
    return started;
  };
  const first = await atPort(async (port) => {
    const made = createDevelopmentDeployment({
      dataDir: folder,
      pool: database.pool,
      port,
      databaseUrl: database.url,
      descriptors: descriptorSet(),
      vocabulary: policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION),
    });
    const [deployment] = await Promise.all([made, people]);
    const config = JSON.parse(readFileSync(deployment.configPath, 'utf8')) as object;
    // A thread less to start, save where a test looks at the index.
    writeFileSync(deployment.configPath, JSON.stringify({ ...config, accesses: { index: false }, ...options.config }));
    return { port, deployment, process: await start(deployment.configPath) };
  });
  const { port, deployment } = first;
  let current = first.process;

  function identity(agency: string): Identity {
    const profile = deployment.profiles[agency];
    if (profile === undefined) throw new Error(`no profile of ${agency}`);
    const read = (name: string) => readFileSync(join(profile, name), 'utf8');
    return {
      agency,
      deployment: deployment.id,
      ca: deployment.secrets.ca.certificate,
      certificate: read('cert.pem'),
      key: read('key.pem'),
      signingKey: loadSigningKey(JSON.parse(read('signing.jwk.json'))),
      context: (JSON.parse(read('config.json')) as { context: Identity['context']; purposes: string[] }).context,
      purpose: (JSON.parse(read('config.json')) as { purposes: string[] }).purposes[0] ?? '',
    };
  }

  return {
    deployment,
    database,
    folder,
    get process() {
      return current;
    },
    port,
    logged: () => processes.flatMap(({ lines }) => lines),
    identity,
    raw(who, at = {}) {
      const caller = createRawCaller(typeof who === 'string' ? identity(who) : who, {
        ...{ port, ...at },
        gatewayKey: deployment.secrets.signing,
      });
      callers.push(caller);
      return caller;
    },
    async client(agency) {
      const client = createSignedClient(await loadProfile(deployment.profiles[agency] ?? ''));
      callers.push(client);
      return client;
    },
    async restart(signal = 'SIGTERM') {
      await current.stop(signal);
      current = await start(deployment.configPath);
    },
    async another() {
      const config = JSON.parse(readFileSync(deployment.configPath, 'utf8')) as Record<string, object>;
      const path = join(dirname(deployment.configPath), `config-${processes.length}.json`);
      const log = { ...config.log, heads: `file:heads-${processes.length}` };
      // On another machine an operator would accept the log for it; here it begins with what the first one kept.
      copyFileSync(join(dirname(path), 'heads'), join(dirname(path), `heads-${processes.length}`));
      writeFileSync(path, JSON.stringify({ ...config, listen: { ...config.listen, port: 0 }, log }), { mode: 0o600 });
      return start(path);
    },
    async stop() {
      for (const caller of callers) caller.close();
      await Promise.all(processes.map((each) => each.stop('SIGKILL')));
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** SHA-256 of a certificate's DER, lower-case hex: what the directory knows it by. */
export function fingerprintOf(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
}
