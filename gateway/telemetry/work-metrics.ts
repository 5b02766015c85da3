/** What a gateway is doing: calls, stages, chunks, and what waits and is held meanwhile. */
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ConsentService } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { STAGES } from '../exchange/stage-names.ts';
import { HANDSHAKE_FAULTS, TURNED_AWAY } from './edge-usage.ts';
import type { MetricRow } from './metric-row.ts';
import { OUTCOMES } from './watcher.ts';

export const METHODS: readonly string[] = [
  PersonService,
  VerificationService,
  AdminService,
  ServerService,
  AuditService,
  ConsentService,
].flatMap((service) => service.methods.map(({ name }) => `/${service.typeName}/${name}`));
export const VERDICTS: readonly string[] = Object.values(Verdict).filter(
  (name): name is string => typeof name === 'string' && name !== Verdict[Verdict.UNSPECIFIED],
);
export const POOLS = ['lookups', 'log', 'proofs', 'watchers'] as const;
export const POLICY_FAULTS = ['INPUT_REFUSED', 'ENGINE_THREW', 'ANSWER_MALFORMED', 'RULES_ENDED', 'STALE'] as const;

/** How calls and chunks end that an alarm is for: their counts stand at 0 from the start, since what is absent does not rise. */
export const ALARMED_OUTCOMES = ['INTERNAL', 'STORAGE_UNAVAILABLE', 'LOG_BROKEN'] as const;

/** From a tenth of a millisecond, which a decision takes, to the ten seconds of a database that is ill. */
const STAGE_BUCKETS = [0.0001, 0.00025, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 2.5, 10];
const CALL_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const WORK_METRICS = {
  calls: {
    name: 'lienthong_calls_total',
    type: 'counter',
    help: 'Calls and streams that ended, by how they ended.',
    labels: { method: METHODS, outcome: OUTCOMES },
  },
  callSeconds: {
    name: 'lienthong_call_duration_seconds',
    type: 'histogram',
    help: 'From the whole request to the answer that is ready to leave; of a stream, its life.',
    labels: { method: METHODS },
    buckets: CALL_BUCKETS,
  },
  callsInFlight: {
    name: 'lienthong_calls_in_flight',
    type: 'gauge',
    help: 'Calls and streams that are being served.',
    labels: {},
  },
  stageSeconds: {
    name: 'lienthong_stage_duration_seconds',
    type: 'histogram',
    help: 'A stage of the pipeline, of calls and chunks alike; waiting inside of it included. Who calls is looked at again before each answer leaves, so that authenticate counts more than calls.',
    labels: { stage: STAGES },
    buckets: STAGE_BUCKETS,
  },
  chunks: {
    name: 'lienthong_chunks_total',
    type: 'counter',
    help: 'Chunks of jobs that ended, by how they ended.',
    labels: { outcome: OUTCOMES },
  },
  chunkSeconds: {
    name: 'lienthong_chunk_duration_seconds',
    type: 'histogram',
    help: 'From a chunk that has arrived to its answer taken by the transport; a slow reader makes it long.',
    labels: {},
    buckets: CALL_BUCKETS,
  },
  chunksInFlight: {
    name: 'lienthong_chunks_in_flight',
    type: 'gauge',
    help: 'Chunks that have arrived and are not answered yet.',
    labels: {},
  },
  rows: {
    name: 'lienthong_rows_total',
    type: 'counter',
    help: 'Rows answered and recorded, by the verdict told; answers given again are not counted again.',
    labels: { verdict: VERDICTS },
  },
  unloggedRefusals: {
    name: 'lienthong_refusals_unlogged_total',
    type: 'counter',
    help: 'Refusals of unsigned or wrongly signed calls beyond their budget: signed, and not logged one by one.',
    labels: {},
  },
  policyFaults: {
    name: 'lienthong_policy_faults_total',
    type: 'counter',
    help: 'Decisions denied because the policy could not be asked or did not answer. STALE: the agreements were not read for too long.',
    labels: { fault: POLICY_FAULTS },
  },
  rulesRevision: {
    name: 'lienthong_policy_rules_revision',
    type: 'gauge',
    help: 'Revision of the rules that decide.',
    labels: {},
  },
  rulesRefused: {
    name: 'lienthong_policy_rules_refused',
    type: 'gauge',
    help: '1 while rules lie on the disk that do not count: the last good ones stay in use.',
    labels: {},
  },
  keySetVersion: {
    name: 'lienthong_key_set_version',
    type: 'gauge',
    help: 'Version of the key set that clients are told.',
    labels: {},
  },
  keysRefused: {
    name: 'lienthong_own_keys_refused',
    type: 'gauge',
    help: '1 while keys of our own lie on the disk that do not fit: the last good ones stay in use.',
    labels: {},
  },
  connections: {
    name: 'lienthong_connections',
    type: 'gauge',
    help: 'Connections of known certificates and others that the CA signed.',
    labels: {},
  },
  openRequests: {
    name: 'lienthong_open_requests',
    type: 'gauge',
    help: 'HTTP/2 streams that are open, read or not.',
    labels: {},
  },
  heldBytes: {
    name: 'lienthong_held_bytes',
    type: 'gauge',
    help: 'Bytes of messages that came or are coming in and are not answered yet; of compressed ones, what they may become.',
    labels: {},
  },
  heldBytesPeak: {
    name: 'lienthong_held_bytes_peak',
    type: 'gauge',
    help: 'The most that was held since the start.',
    labels: {},
  },
  heldWaiting: {
    name: 'lienthong_held_waiting',
    type: 'gauge',
    help: 'Streams that are not read because their sender, or all together, hold as much as they may.',
    labels: {},
  },
  turnedAway: {
    name: 'lienthong_turned_away_total',
    type: 'counter',
    help: 'What the edge closed or refused before anything was read of it, by limit: [hostile peers](design/hostile.md).',
    labels: { why: TURNED_AWAY },
  },
  refusedHandshakes: {
    name: 'lienthong_tls_handshakes_refused_total',
    type: 'counter',
    help: 'TLS handshakes that came to nothing, by why. EXPIRED, NOT_YET_VALID: the client’s certificate, by this machine’s clock, whoever issued it. PEER_REFUSED: the client does not take the gateway’s certificate, and says so. LEFT: the connection ended in the middle without a word, as a probe of the port does.',
    labels: { why: HANDSHAKE_FAULTS },
  },
  appendItems: {
    name: 'lienthong_append_queue_items',
    type: 'gauge',
    help: 'Entries that wait for the log.',
    labels: {},
  },
  appendBytes: {
    name: 'lienthong_append_queue_bytes',
    type: 'gauge',
    help: 'Memory of the entries that wait for the log.',
    labels: {},
  },
  lookupItems: {
    name: 'lienthong_lookup_queue_items',
    type: 'gauge',
    help: 'Single look-ups that wait for a statement.',
    labels: {},
  },
  ioThreads: {
    name: 'lienthong_io_threads',
    type: 'gauge',
    help: 'Threads that hold connections and serve calls. With one of them dead the gateway drains and ends.',
    labels: {},
  },
  matchingThreads: {
    name: 'lienthong_matching_threads',
    type: 'gauge',
    help: 'Threads that work on chunks. One that died is started again by the next chunk.',
    labels: {},
  },
  matchingChunks: {
    name: 'lienthong_matching_chunks',
    type: 'gauge',
    help: 'Chunks that lie in these threads: being read, looked up or judged, or waiting for it.',
    labels: {},
  },
  poolConnections: {
    name: 'lienthong_pool_connections',
    type: 'gauge',
    help: 'Connections to the database, by pool and whether one is at work.',
    labels: { pool: POOLS, state: ['used', 'idle'] },
  },
  poolWaiting: {
    name: 'lienthong_pool_waiting',
    type: 'gauge',
    help: 'Statements that wait for a connection of the pool.',
    labels: { pool: POOLS },
  },
} as const satisfies Readonly<Record<string, MetricRow>>;
