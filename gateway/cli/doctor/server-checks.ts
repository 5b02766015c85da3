import { readFile } from 'node:fs/promises';
import { type DescMessage, type DescMethodUnary, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import type grpc from '@grpc/grpc-js';
import { type CallOptions, createSignedClient, pathOf, type SignedClient } from '../../../connectors/kit/client.ts';
import {
  audienceDifferences,
  audienceIn,
  type Difference,
  differencesOf,
} from '../../../connectors/kit/gateway-differs.ts';
import { GATEWAY } from '../../../connectors/kit/key-set-source.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { createLogHeads, type Open } from '../../../connectors/kit/log-heads.ts';
import { type Environment, loadProfile, profilePath } from '../../../connectors/kit/profile.ts';
import { callRaw, connect } from '../../../connectors/kit/raw-call.ts';
import { GatewayError, gatewayError } from '../../../connectors/kit/refusal.ts';
import { AdminService } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { AuditService } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { PersonService } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import { type GetServerInfoResponse, ServerService } from '../../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { VOCABULARY_VERSION } from '../../fields/vocabulary.ts';
import { PROFILE } from '../../matching/index.ts';
import { audienceOf } from '../../signing/binding.ts';
import { MAX_AGE_SECONDS, MAX_AHEAD_SECONDS } from '../../signing/freshness.ts';
import { verifyKeySet } from '../../signing/signed-key-set.ts';
import { readContract } from '../contract.ts';
import { OFFICERS_AGENCY } from '../officers/agency.ts';
import { type Check, type Found, failed, ok, warning } from './finding.ts';
import type { ProfileParts } from './profile-checks.ts';

/** What the gateway says of itself, and whether it takes what this profile signs. */
export interface ServerChecksInput {
  readonly env: Environment;
  readonly now: () => Date;
  readonly clientVersion: string;
  readonly signal: AbortSignal;
}

const DEADLINE_MS = 5_000;
/** A clock that is nearly refused will be. */
const NEAR_AHEAD_SECONDS = 5;
const NEAR_BEHIND_SECONDS = 30;

export function serverChecks(
  parts: Partial<ProfileParts>,
  { env, now, clientVersion, signal }: ServerChecksInput,
): Check[] {
  let info: GetServerInfoResponse | undefined;
  /** Seconds that this machine's clock is ahead of the gateway's, to half the time that the answer took. */
  let ahead = 0;

  async function askServer(): Promise<Found> {
    const asked = now().getTime();
    try {
      const { getServerInfo } = ServerService.method;
      info = await withConnection(parts, (client) => ask(client, parts, getServerInfo, signal));
      // The gateway tells whole seconds: on average half a second has gone by since.
      ahead = (asked + now().getTime()) / 2000 - (Number(info.serverTime) + 0.5);
      return ok('SERVER_OK', { version: info.version, deployment: info.deployment });
    } catch (error) {
      if (!(error instanceof GatewayError && error.says(ErrorReason.CERTIFICATE_UNKNOWN)))
        return failed('SERVER_SAYS', {}, error);
      return failed(parts.config?.agency === OFFICERS_AGENCY ? 'OFFICER_UNKNOWN' : 'CALLER_UNKNOWN', {}, error);
    }
  }

  const named = () => ({
    agency: String(parts.config?.agency),
    deployment: String(parts.config?.deployment),
    logOrigin: String(parts.config?.log_origin),
  });
  const another = ({ member, found, wanted }: Difference) =>
    failed('IDENTITY_OTHER', { member, ours: wanted, theirs: found });

  function compare(): Found | readonly Found[] {
    const others = differencesOf(info ?? {}, named());
    if (others.length > 0) return others.map(another);
    return ok('IDENTITY_OK', { agency: info?.agency ?? '', deployment: info?.deployment ?? '' });
  }

  function judgeClock(): Found {
    const facts = { seconds: Math.abs(Math.round(ahead)), late: MAX_AGE_SECONDS, early: MAX_AHEAD_SECONDS };
    if (ahead > MAX_AHEAD_SECONDS) return failed('CLOCK_AHEAD', facts);
    if (ahead < -MAX_AGE_SECONDS) return failed('CLOCK_BEHIND', facts);
    if (ahead > NEAR_AHEAD_SECONDS) return warning('CLOCK_AHEAD', facts);
    return ahead < -NEAR_BEHIND_SECONDS ? warning('CLOCK_BEHIND', facts) : ok('CLOCK_OK', facts);
  }

  async function checkKeySet(): Promise<Found | readonly Found[]> {
    try {
      const { getKeySet } = ServerService.method;
      const { payload, jws } = await withConnection(parts, (client) => ask(client, parts, getKeySet, signal));
      const audience = audienceOf('*', String(parts.config?.deployment));
      const { root } = parts;
      if (root === undefined) return failed('ROOT_WRONG');
      const known = verifyKeySet({ payload, jws }, { root, issuer: GATEWAY, audience });
      const meant = !known.ok && known.problem === 'WRONG_AUDIENCE' ? audienceIn(jws) : undefined;
      // The root is the right one: what is wrong is a name, and not what signed.
      const others = meant === undefined ? [] : audienceDifferences(meant, named());
      if (others.length > 0) return others.map(another);
      return known.ok
        ? ok('KEY_SET_OK', { version: known.mark.version, keys: known.set.keys.length })
        : failed('KEY_SET_UNTRUSTED', { problem: known.problem });
    } catch (error) {
      return failed('SERVER_SAYS', {}, error);
    }
  }

  const same = (
    ours: string | number,
    theirs: string | number | undefined,
    other: 'OTHER_VERSION' | 'OTHER_RULES' = 'OTHER_VERSION',
  ): Found => (ours === theirs ? ok('SAME_VERSION', { ours }) : warning(other, { ours, theirs: theirs ?? '' }));

  return [
    { name: 'server', needs: ['tls'], run: askServer },
    { name: 'identity', needs: ['server'], run: compare },
    { name: 'clock', needs: ['server'], run: judgeClock },
    { name: 'key-set', needs: ['server', 'root'], run: checkKeySet },
    {
      name: 'log',
      needs: ['files', 'server', 'identity', 'key-set', 'signing-key', 'expiry'],
      run: () => checkLog(parts, { env, now: now(), signal }),
    },
    { name: 'client-version', needs: ['server'], run: () => same(clientVersion, info?.version) },
    {
      name: 'matching-profile',
      needs: ['server'],
      run: () => same(`${PROFILE.id}:${PROFILE.version}`, info?.profileVersion, 'OTHER_RULES'),
    },
    { name: 'vocabulary', needs: ['server'], run: () => same(VOCABULARY_VERSION, info?.vocabularyVersion) },
    { name: 'contract', needs: ['config'], run: () => checkContract(parts) },
    {
      name: 'purpose',
      needs: ['files', 'server', 'identity', 'clock', 'key-set', 'signing-key', 'expiry'],
      run: () => tryPurposes(parts, { env, now: now(), signal }),
    },
  ];
}

async function withConnection<T>(parts: Partial<ProfileParts>, work: (client: grpc.Client) => Promise<T>): Promise<T> {
  const { bytes, config } = parts;
  const none = Buffer.alloc(0);
  const client = connect({
    address: String(config?.address),
    ...{ ca: bytes?.ca ?? none, certificate: bytes?.certificate ?? none, key: bytes?.key ?? none },
  });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Both of these requests are empty. */
async function ask<O extends DescMessage>(
  client: grpc.Client,
  { config }: Partial<ProfileParts>,
  method: DescMethodUnary<DescMessage, O>,
  signal: AbortSignal,
): Promise<MessageShape<O>> {
  const answer = await callRaw(client, pathOf(method), new Uint8Array(), { deadlineMs: DEADLINE_MS, signal });
  if (answer.code !== 0 || answer.message === undefined) throw gatewayError(answer, String(config?.address));
  return decode(method.output, answer.message);
}

function decode<O extends DescMessage>(schema: O, bytes: Uint8Array): MessageShape<O> {
  try {
    return fromBinary(schema, bytes);
  } catch {
    throw new KitError('UNTRUSTED_ANSWER', { problem: 'NOT_DECODABLE' });
  }
}

interface SignedCheckInput {
  readonly env: Environment;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Whether the log is still the one that this profile saw: jobs and witnesses ask that, single calls do not. */
async function checkLog(
  { folder = '' }: Partial<ProfileParts>,
  { env, now, signal }: SignedCheckInput,
): Promise<Found> {
  const client = createSignedClient(await loadProfile(folder, { env, now }));
  const { profile, keySet } = client;
  const open: Open = (method, request) =>
    client.open(method, request, { deadlineMs: DEADLINE_MS, retryForMs: 0, signal });
  try {
    const seen = await createLogHeads({ profile, keySet, open }).look();
    return seen === undefined ? ok('LOG_UNSEEN') : ok('LOG_OK', { kept: seen.kept.size, size: seen.newest.size });
  } catch (error) {
    return failed('SERVER_SAYS', {}, error);
  } finally {
    client.close();
  }
}

const OURS = [VerificationService, PersonService, ServerService, AuditService];

/** The contract that the profile brings along, against the one that this program was built for. */
async function checkContract({ folder = '', config }: Partial<ProfileParts>): Promise<Found> {
  const uri = config?.descriptors;
  const path = typeof uri === 'string' ? profilePath(folder, uri) : undefined;
  if (path === undefined) return ok('CONTRACT_OWN');
  try {
    const methods = new Set(readContract(await readFile(path)).methods);
    const wanted = OURS.flatMap(({ typeName, methods: all }) => all.map(({ name }) => `${typeName}/${name}`));
    const missing = wanted.filter((name) => !methods.has(name));
    return missing.length === 0
      ? ok('CONTRACT_OK', { count: methods.size })
      : warning('CONTRACT_OLDER', { missing: missing.join(', ') });
  } catch {
    return warning('CONTRACT_UNREADABLE', { file: path });
  }
}

/** One signed call about nobody for each purpose: keys, clock, agreement and purpose are all looked at by the gateway. */
async function tryPurposes({ folder = '' }: Partial<ProfileParts>, { env, now, signal }: SignedCheckInput) {
  const client = createSignedClient(await loadProfile(folder, { env, now }));
  const { purposes, agency } = client.profile;
  const options = { deadlineMs: DEADLINE_MS, retryForMs: 0, signal };
  // The officers' agreement grants the methods of officers and no other.
  const attempt = (context: { purpose: string }) =>
    agency === OFFICERS_AGENCY
      ? client.unary(AdminService.method.listProposals, { openOnly: true, context }, options)
      : client.unary(VerificationService.method.listJobs, { pageSize: 1, context }, options);
  const defaults = new Map(Object.entries(contextOf(client.profile)));
  try {
    const found: Found[] = [];
    for (const purpose of purposes) {
      try {
        await attempt({ purpose });
        found.push(ok('PURPOSE_OK', { purpose }));
      } catch (error) {
        // An agreement for single calls has no jobs to list: whoever is told so has keys, clock and certificate in order.
        const without =
          error instanceof GatewayError && error.says(ErrorReason.NOT_AGREED)
            ? await explainMethod(client, purpose, pathOf(VerificationService.method.listJobs), options)
            : undefined;
        if (without?.reason !== 'METHOD_NOT_AGREED') found.push(failed('PURPOSE_SAYS', { purpose }, error));
        else {
          // The refused call did not come as far as what the agreement demands of each request.
          const lacking = without.demands.filter((name) => defaults.get(name) === '');
          found.push(
            lacking.length === 0
              ? ok('PURPOSE_OK', { purpose })
              : warning('PURPOSE_DEMANDS', { purpose, lacking: lacking.join(', ') }),
          );
        }
      }
    }
    return found;
  } finally {
    client.close();
  }
}

/** What a profile puts into requests that say nothing else, by the names that agreements demand them by. */
const contextOf = ({ context }: SignedClient['profile']) => ({
  ...{ service_code: context.serviceCode, unit_code: context.unitCode, officer_code: context.officerCode },
});

/** The policy's own answer of a method; undefined where it cannot be asked. */
async function explainMethod(client: SignedClient, purpose: string, method: string, options: CallOptions) {
  return client.open(ServerService.method.explain, { purpose, method }, options).catch(() => undefined);
}
