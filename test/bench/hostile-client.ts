/**
 * An agency that attacks until it is stopped.  node hostile-client.ts PROFILE-FOLDER ATTACK PERSONS
 * Events on standard output: `ready` when all is prepared, upon SIGUSR2 `attacking`.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createSignedClient, pathOf } from '../../connectors/kit/client.ts';
import { loadProfile, purposeOf } from '../../connectors/kit/profile.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createRawCaller, type Identity } from '../support/gateway-calls.ts';
import {
  chunkPayload,
  type OpenedJob,
  openingFrame,
  openTestStream,
  VERIFY_CHUNKS,
} from '../support/gateway-stream.ts';
import {
  framed,
  http2Frame,
  openAndReset,
  PING,
  PREFACE,
  rawCall,
  rawConnect,
  rawTls,
  SETTINGS,
} from '../support/raw-http2.ts';
import { cleanPeople } from './clean-people.ts';
import type { Attack } from './hostile-attacks.ts';

const STREAMS = 64;
/** Chunks of a stream that are not answered. */
const IN_FLIGHT = 12;
const WAIT_MS = 60_000;
const PATIENCE_MS = 90_000;
const PERSON = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

process.once('SIGTERM', () => process.exit(0));

const profile = await loadProfile(process.argv[2] ?? '');
const { agency, deployment, signingKey, context, address } = profile;
const port = Number(address.split(':').at(-1));
/** It comes from an address of its own, where the system has one: whoever is slowed there is nobody else. */
const localAddress = process.platform === 'linux' ? '127.0.0.2' : undefined;
const raw = {
  ...{ ca: profile.ca.toString(), cert: profile.certificate.toString(), key: profile.key.toString() },
  ...(localAddress && { localAddress }),
};
const identity: Identity = {
  ...{ agency, deployment, signingKey, ca: raw.ca, certificate: raw.cert, key: raw.key },
  context: { service_code: context.serviceCode, unit_code: context.unitCode, officer_code: context.officerCode },
  purpose: purposeOf(profile),
};
const callers = Array.from({ length: 4 }, () => createRawCaller(identity, { port, gatewayKey: signingKey }));
const signed = createSignedClient(profile);
const { verifyPerson, startJob } = VerificationService.method;
const { getPerson } = PersonService.method;
const opening = { chunkRows: 256, columns: ['id_number', 'full_name', 'date_of_birth'] };

async function newJob(): Promise<OpenedJob> {
  const init = { ...opening, fileDigest: randomBytes(32) };
  // It may still be kept out for the attack before.
  for (const until = performance.now() + PATIENCE_MS; ; await sleep(1000)) {
    try {
      const { message, requestDigest } = await signed.unary(startJob, init);
      return { jobId: message.job?.jobId ?? '', opening: requestDigest, chunkRows: 256 };
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}

/** So many at a time, each begun anew when it is over, whatever became of it. */
function keep(count: number, attempt: (at: number) => Promise<unknown>): void {
  for (let at = 0; at < count; at++) {
    void (async () => {
      for (;;) await attempt(at).catch(() => sleep(1));
    })();
  }
}

const callerAt = (at: number) => callers[at % callers.length] as (typeof callers)[number];

/** Connections that are opened anew when they are closed. */
function sessions(count: number): (at: number) => ClientHttp2Session {
  const open = Array.from({ length: count }, () => rawConnect(port, raw).session);
  return (at) => {
    const i = at % count;
    if (open[i]?.closed !== false || open[i]?.destroyed !== false) open[i] = rawConnect(port, raw).session;
    return open[i] as ClientHttp2Session;
  };
}

/** What it takes to attack is prepared before; the function that comes back begins. */
const ATTACKS: Readonly<Record<Attack, () => Promise<() => void> | (() => void)>> = {
  'idle streams'() {
    const at = sessions(32);
    return () => keep(2000, (n) => rawCall(at(n), n < STREAMS ? VERIFY_CHUNKS : pathOf(verifyPerson)).ended);
  },

  async 'hoarded bytes'() {
    const job = await newJob();
    const at = sessions(8);
    const part = framed(Buffer.alloc(7_000_000), { bytes: 8_000_000 });
    return () =>
      keep(STREAMS, (n) => {
        const { http2, ended } = rawCall(at(n), VERIFY_CHUNKS);
        http2.write(openingFrame(identity, job));
        http2.write(part);
        return ended;
      });
  },

  'compressed bombs'() {
    const at = sessions(8);
    const bomb = framed(gzipSync(Buffer.alloc(8_000_000)), { compressed: true });
    return () =>
      keep(256, (n) => {
        const { http2, ended } = rawCall(at(n), pathOf(verifyPerson), { 'grpc-encoding': 'gzip' });
        http2.end(bomb);
        return ended;
      });
  },

  'huge masks'() {
    const paths = Array.from({ length: 12_000 }, (_, n) => `a${n % 1000}`.slice(0, 3));
    return () => keep(64, (n) => callerAt(n).attempt(getPerson, { personalId: PERSON.idNumber, readMask: { paths } }));
  },

  'endless jobs'() {
    return () => keep(64, (n) => callerAt(n).attempt(startJob, { ...opening, fileDigest: randomBytes(32) }));
  },

  async 'tiny chunks'() {
    const job = await newJob();
    // The smallest that a job takes more than one of; of people who are there, or so many misses would make the job pause.
    const person = cleanPeople({ persons: Number(process.argv[4]), from: 0 });
    const rows = Array.from({ length: job.chunkRows }, () => {
      const { idNumber: id, fullName: name, dateOfBirth: born } = person();
      return { id, name, born };
    });
    // To encode the first of them takes a process of the lowest priority longer than the calls are measured.
    const ready = Array.from({ length: STREAMS * IN_FLIGHT }, (_, num) => chunkPayload(num, rows));
    let num = 0;
    return () =>
      keep(STREAMS, async (n) => {
        const stream = openTestStream(callerAt(n), job);
        await stream.open();
        for (;;) {
          for (let i = 0; i < IN_FLIGHT; i++) {
            stream.chunk(num, ready[num] ?? chunkPayload(num, rows));
            num += 1;
          }
          for (let i = 0; i < IN_FLIGHT; i++) await stream.answer();
        }
      });
  },

  'flood of calls'() {
    return () => keep(512, (n) => callerAt(n).attempt(verifyPerson, PERSON));
  },

  'noise and resets'() {
    const pings = Buffer.concat(Array.from({ length: 2000 }, () => http2Frame(PING, 0, 0, Buffer.alloc(8))));
    return () =>
      keep(8, async (n) => {
        const socket = await rawTls(port, raw);
        socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0)]));
        for (let stream = 1; !socket.destroyed; stream += 200) {
          const calls = Array.from({ length: 100 }, (_, i) => openAndReset(stream + 2 * i, pathOf(verifyPerson)));
          const written = socket.write(n % 2 === 0 ? pings : Buffer.concat(calls));
          // A turn of the loop at the least, so that the end of the connection is seen.
          await (written ? nextTurn() : Promise.race([once(socket, 'drain'), once(socket, 'close')]));
        }
      });
  },

  handshakes() {
    return () =>
      keep(200, () => {
        const socket = connectTls({
          port,
          host: '127.0.0.1',
          ca: raw.ca,
          ...(localAddress && { localAddress }),
          servername: 'localhost',
          ALPNProtocols: ['h2'],
        });
        socket.on('error', () => undefined);
        return new Promise((resolve) => socket.once('close', resolve));
      });
  },
};

const tell = (event: string) => process.stdout.write(`${JSON.stringify({ event })}\n`);
const begin = await ATTACKS[(process.argv[3] ?? '') as Attack]();
// Whatever a broken connection throws from now on, the attack goes on.
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
process.once('SIGUSR2', () => {
  begin();
  tell('attacking');
});
// Which waits for the signal.
setInterval(() => undefined, WAIT_MS);
tell('ready');
