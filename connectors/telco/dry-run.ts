import { isLimit, type Limit } from '../../gateway/errors/rules.ts';
import type { PackedTexts } from '../../gateway/proof/packed-texts.ts';
import {
  type GetServerInfoResponse,
  type OwnAgreement,
  ServerService,
} from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { CHUNK_CELLS, type SlimForm } from '../kit/chunk-build.ts';
import { createSignedClient, pathOf, type SignedClient } from '../kit/client.ts';
import { CELL_COUNTS, type CsvBatch, fileBytes, readCsv, type WantedColumn } from '../kit/csv-read.ts';
import { decodeSource } from '../kit/decode/decode-source.ts';
import { createUnreadable, type Unreadable } from '../kit/decode/unreadable.ts';
import { gatewayDiffers } from '../kit/gateway-differs.ts';
import type { InputFile } from '../kit/input-file.ts';
import { CHUNK_ROWS } from '../kit/job-runner.ts';
import { KitError } from '../kit/kit-error.ts';
import { type LearntFile, sentProfile } from '../kit/learn/finding.ts';
import { firstPass } from '../kit/learn/first-pass.ts';
import { limitRows } from '../kit/limit-rows.ts';
import { loadProfile } from '../kit/profile.ts';
import { telco } from './connector.ts';
import { type CarryForesight, type ForetoldCarry, foreseeCarrying } from './dry-run-carry.ts';
import { type MergedColumn, mergedColumns } from './merged-cells.ts';
import { createNoSubscriberTally, type NoSubscribers } from './odd-rows.ts';
import { plausibleColumns, statedOf, telcoPurpose, type VerifyOptions, withInput } from './verify.ts';

export type DryRun = {
  /** Rows that would be asked about, as all counts here are. */
  readonly rows: number;
  readonly chunks: number;
  /** Records that would be sent as numbers; the others go as their texts. */
  readonly slimRows: number;
  /** Records with more cells than the header, which would be INVALID. */
  readonly misshapen: number;
  readonly learnt: LearntFile;
  readonly unreadable: Unreadable;
  readonly limit?: number;
  readonly sheet?: string;
  readonly headerLine?: number;
  readonly merged?: readonly MergedColumn[];
  readonly noSubscribers?: NoSubscribers;
  readonly purpose: string;
  /** Where earlier results were given: which of their answers would be carried, besides `rows`. */
  readonly since?: ForetoldCarry;
  /** Limits of the agreement of which less is left than the file has rows, as the gateway tells unsigned; none where all fits. */
  readonly tooMany: readonly TooMany[];
  readonly gateway: {
    readonly address: string;
    readonly deployment: string;
    readonly version: string;
    readonly profileVersion: string;
    readonly agency: string;
    readonly development: boolean;
    /** This machine's clock less the gateway's, seconds. */
    readonly clockAhead: number;
  };
};

export type TooMany = {
  /** `ROWS` (of one job), `DAY_ROWS` or `DISTINCT_SUBJECTS`: rows may be of one person, so of the last more may fit than it seems. */
  readonly limit: Limit;
  readonly left: number;
  /** Unix seconds; undefined where no waiting helps. */
  readonly resetsAt?: number;
};

/** The gateway takes signatures from a minute ago to ten seconds ahead; what is between is the network's. */
const CLOCK = { behind: -50, ahead: 8 } as const;

/**
 * Everything that a verification does before it asks: reads, learns, maps, counts; verifies earlier results and finds what it would
 * carry from them; checks the profile, and by a call that is neither signed nor logged that the gateway is the profile's and knows its certificate. Asks about nobody, and writes
 * nothing but the note of the key set's version that every call keeps in the profile. What the agreement grants is not checked: the gateway tells that of a signed question only.
 *
 * Throws KitError as a verification would, CLOCK_AHEAD, CLOCK_BEHIND, GATEWAY_DIFFERS.
 */
export async function dryRun(options: Omit<VerifyOptions, 'out'>): Promise<DryRun> {
  const profile = typeof options.profile === 'string' ? await loadProfile(options.profile) : options.profile;
  const purpose = telcoPurpose(profile, options.purpose);
  const client = createSignedClient(profile);
  try {
    return await withInput(options, (input) => foretell(client, input, options, purpose));
  } finally {
    client.close();
  }
}

async function foretell(
  client: SignedClient,
  input: InputFile,
  options: Omit<VerifyOptions, 'out'>,
  purpose: string,
): Promise<DryRun> {
  const { signal, since, onReading, onEarlier, chunkRows: batchRows = CHUNK_ROWS.default } = options;
  const { headerLine } = input;
  const wanted = await plausibleColumns(input, options);
  const merged = mergedColumns(input, wanted);
  if (merged.length > 0) options.onMerged?.(merged);
  const pass = { columns: wanted, headerLine, batchRows, stated: statedOf(options, input), signal, onReading };
  const { learnt } = await firstPass(input.path, pass);
  const { gateway, info } = await askGateway(client, options);
  const own = agreementOf(info, purpose);
  const agreement = own === undefined ? undefined : `${own.id}:${own.version}`;
  const versions = { profile: info.profileVersion, agreement };
  const carry =
    since && (await foreseeCarrying(client, since, { purpose, learnt, versions, signal, onRows: onEarlier }));
  try {
    const file = await countRows(input, options, { wanted, learnt, merged, carry });
    const tooMany = tooManyOf(info, purpose, file.rows);
    return { ...file, purpose, ...(carry === undefined ? {} : { since: carry.foretold() }), tooMany, gateway };
  } finally {
    carry?.close();
  }
}

/** The records that would be asked about. */
async function countRows(
  input: InputFile,
  { limit, signal, chunkRows: batchRows = CHUNK_ROWS.default }: Omit<VerifyOptions, 'out'>,
  {
    wanted,
    learnt,
    merged,
    carry,
  }: {
    readonly wanted: readonly WantedColumn[];
    readonly learnt: LearntFile;
    readonly merged: readonly MergedColumn[];
    readonly carry: CarryForesight | undefined;
  },
) {
  const { path, headerLine } = input;
  const profile = sentProfile(learnt);
  const slim = telco.slimForm(profile);
  const unreadable = createUnreadable();
  const { source, decode } = decodeSource(fileBytes(path), profile.encoding, unreadable);
  const columns = CHUNK_CELLS.map((name) => wanted.find((column) => column.name === name) ?? { name, header: name });
  const odd = createNoSubscriberTally(wanted);
  const records = seen(limitRows(readCsv(source, { columns, batchRows, decode, headerLine }), limit), odd.look);
  let [rows, chunks, slimRows, misshapen] = [0, 0, 0, 0];
  for await (const batch of carry?.rowsToAsk(records, batchRows) ?? records) {
    if (signal?.aborted === true) throw new KitError('INTERRUPTED');
    const [, , ids, , dates] = batch.texts;
    for (let i = 0; i < batch.count; i++) {
      if (batch.cellCounts[i] === CELL_COUNTS.TOO_MANY) misshapen++;
      else if (isSlim(slim, i, ids, dates)) slimRows++;
    }
    rows += batch.count;
    chunks++;
  }
  const noSubscribers = odd.found();
  return {
    ...{ rows, chunks, slimRows, misshapen, learnt, unreadable: unreadable.result() },
    ...(limit === undefined ? {} : { limit }),
    ...(input.original === undefined ? {} : { sheet: input.original.sheet }),
    ...(headerLine === undefined ? {} : { headerLine }),
    ...(merged.length === 0 ? {} : { merged }),
    ...(noSubscribers === undefined ? {} : { noSubscribers }),
  };
}

/** Rows that would be carried as well: they are in the file, whoever is asked about. */
async function* seen(batches: AsyncIterable<CsvBatch>, look: (batch: CsvBatch) => void): AsyncGenerator<CsvBatch> {
  for await (const batch of batches) {
    look(batch);
    yield batch;
  }
}

function isSlim(slim: SlimForm, row: number, ids: PackedTexts | undefined, dates: PackedTexts | undefined): boolean {
  const read = (of: 'idNumber' | 'birthDate', texts: PackedTexts | undefined): number =>
    texts === undefined ? 0 : slim[of](texts.bytes, texts.spans[2 * row] ?? 0, texts.spans[2 * row + 1] ?? 0);
  return read('idNumber', ids) !== 0 && read('birthDate', dates) !== 0;
}

async function askGateway(client: SignedClient, { signal, chunkRows, giveUpMs = 10_000 }: Omit<VerifyOptions, 'out'>) {
  const { profile } = client;
  const info = await client.open(ServerService.method.getServerInfo, {}, { signal, retryForMs: giveUpMs });
  const { agency, deployment, logOrigin } = info;
  const differs = gatewayDiffers({ agency, deployment, logOrigin }, profile);
  if (differs !== undefined) throw differs;
  // What signs its answers is the profile's.
  await client.keySet.get();
  const clockAhead = client.now() - Number(info.serverTime);
  if (clockAhead < CLOCK.behind) throw new KitError('CLOCK_BEHIND', { seconds: -clockAhead });
  if (clockAhead > CLOCK.ahead) throw new KitError('CLOCK_AHEAD', { seconds: clockAhead });
  if (chunkRows !== undefined && chunkRows > info.maxChunkRows)
    throw new KitError('CHUNK_ROWS_WRONG', { limit: info.maxChunkRows });
  const { version, profileVersion, development } = info;
  const gateway = { address: profile.address, deployment, version, profileVersion, agency, development, clockAhead };
  return { gateway, info };
}

const COUNTED: readonly string[] = ['DAY_ROWS', 'DISTINCT_SUBJECTS'];

/** The agreement in force that a job of this purpose is opened under. */
function agreementOf({ agreements, serverTime }: GetServerInfoResponse, purpose: string): OwnAgreement | undefined {
  const start = pathOf(VerificationService.method.startJob);
  return agreements.find(
    (one) =>
      one.purpose === purpose && one.methods.includes(start) && one.validFrom <= serverTime && serverTime < one.validTo,
  );
}

function tooManyOf(info: GetServerInfoResponse, purpose: string, rows: number): TooMany[] {
  const own = agreementOf(info, purpose);
  if (own === undefined) return [];
  const perJob = Number(own.rowsPerJob);
  const tooMany: TooMany[] = perJob > 0 && rows > perJob ? [{ limit: 'ROWS', left: perJob }] : [];
  for (const { limit, most, used, resetsAt } of own.quotas) {
    const left = Math.max(0, Number(most - used));
    if (isLimit(limit) && COUNTED.includes(limit) && rows > left)
      tooMany.push({ limit, left, resetsAt: Number(resetsAt) });
  }
  return tooMany;
}
