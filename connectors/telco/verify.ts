import type { CarriedEnd, NothingCarried, SinceTerms } from '../kit/carry-run.ts';
import { createSignedClient, type SignedClient } from '../kit/client.ts';
import { demandReplaceable } from '../kit/complete-output.ts';
import type { Unreadable } from '../kit/decode/unreadable.ts';
import type { OnRows } from '../kit/earlier-results.ts';
import { type EndingSoon, readEndings } from '../kit/endings.ts';
import { type InputFile, openInput } from '../kit/input-file.ts';
import { CHUNK_ROWS, type JobProgress, type OnNothingCarried, runJob } from '../kit/job-runner.ts';
import { bothOf, type Example, type Tally } from '../kit/job-tally.ts';
import type { LearntFile, StatedProfile } from '../kit/learn/finding.ts';
import type { ReadingProgress } from '../kit/learn/first-pass.ts';
import type { Outage } from '../kit/patience.ts';
import { loadProfile, type Profile, purposeOf } from '../kit/profile.ts';
import type { SendGate } from '../kit/send-window.ts';
import { spool } from '../kit/spool.ts';
import { telco } from './connector.ts';
import { demandPlausible } from './mapping-doubt.ts';
import { type MergedColumn, mergedColumns } from './merged-cells.ts';
import { createNoSubscriberTally, type NoSubscribers } from './odd-rows.ts';

/** Three connections of five chunks each: one is looked up while another is judged; more cost memory on both sides. */
const CHANNELS = 3;

/** What the user says of the file is not learnt of it. */
export type VerifyOptions = StatedProfile & {
  /** Path of the file, or its bytes (standard input), which are kept in a file of the owner's until the end. */
  readonly file: string | AsyncIterable<Uint8Array>;
  /** Path of the results; the receipt is `<out>.receipt`, what a resumed run needs `<out>.part` and `<out>.job.json`. */
  readonly out: string;
  /** Results of a whole job at `out`, and the receipt that proves them, may go; unless given, such an `out` is refused. */
  readonly replace?: boolean | undefined;
  /** Of a workbook; the first unless given. */
  readonly sheet?: string | undefined;
  /** Line or row of the header, 1 for the first; the first that is not empty unless given. What stands above it is not read. */
  readonly headerLine?: number | undefined;
  /** Only the first rows; all unless given. */
  readonly limit?: number | undefined;
  /** Earlier results: rows that are the same are not asked again, but carried from there. */
  readonly since?: SinceTerms | undefined;
  /** Rows are sent only while it is open. */
  readonly gate?: SendGate | undefined;
  /** Profile folder, or a profile loaded before. */
  readonly profile: string | Profile;
  /** Where the file's headers are called otherwise: `{ id_number: 'SO_GTTT' }`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The columns are what they are said to be, whatever their cells look like; else doubtful ones are refused. */
  readonly mappingBelieved?: boolean | undefined;
  /** One of the profile's; the connector's own unless given. */
  readonly purpose?: string;
  /** Power of two, 256–8,192; 4,096 unless given. */
  readonly chunkRows?: number;
  /** Moment that the file speaks of, unix seconds; now unless given. */
  readonly asOf?: number;
  /** Connections at once; 3 unless given: the gateway looks up for one while it judges for another. */
  readonly channels?: number;
  /** Unanswered chunks a connection; 5 unless given, and never more than the gateway allows. */
  readonly inFlight?: number;
  /** How long a gateway that is away is tried again while nothing comes through, milliseconds; a minute unless given. */
  readonly giveUpMs?: number | undefined;
  /** Told once of each outage of more than a moment, and with undefined once it is over. */
  readonly onOutage?: (outage: Outage | undefined) => void;
  /** How long a gateway with unanswered chunks may be silent before its stream counts as broken; a minute unless given. */
  readonly stallMs?: number;
  /** Before anybody is asked about: columns of a workbook in which merges hide cells; not told where there are none. */
  readonly onMerged?: (merged: readonly MergedColumn[]) => void;
  /** While a workbook is read, before that. */
  readonly onOpening?: (progress: ReadingProgress) => void;
  /** While the file is read for the first time. */
  readonly onReading?: (progress: ReadingProgress) => void;
  /** While earlier results are verified. */
  readonly onEarlier?: OnRows;
  /** Once the job is open, where nothing of the earlier results can be carried: aborting then asks about nobody. */
  readonly onNothingCarried?: OnNothingCarried;
  readonly onProgress?: (progress: JobProgress) => void;
  /** Aborting ends the run in order (exit code 130); the next one goes on behind what was answered. */
  readonly signal?: AbortSignal;
};

export type VerifySummary = {
  readonly jobId: string;
  /** What was asked for; it stands in the log beside every answer. */
  readonly purpose: string;
  /** Lines of the results; counts below are of all of them. */
  readonly rows: number;
  /** Where earlier results were given: which rows they answer, and which were asked about. */
  readonly since?: SinceSummary;
  readonly chunks: number;
  /** Where only the first rows were asked about: how many at most. */
  readonly limit?: number;
  /** Of a workbook: the sheet that was read. */
  readonly sheet?: string;
  /** Of a workbook: cells that merges hide, and that counted as empty. */
  readonly merged?: readonly MergedColumn[];
  /** Rows that are no subscribers by what stands in them, where there are any; each was asked about. */
  readonly noSubscribers?: NoSubscribers;
  /** Where the user said which line the header is: what stands above it was not read. */
  readonly headerLine?: number;
  /** Rows that an earlier run had answered. */
  readonly resumedRows: number;
  /** Rows per verdict. */
  readonly totals: Readonly<Record<string, number>>;
  /** Rows per action. */
  readonly actions: Readonly<Record<string, number>>;
  /** Most frequent first; `line` is the first line of the input that shows it. */
  readonly reasons: readonly (Example & { readonly reason: string })[];
  readonly notices: readonly (Example & { readonly notice: string })[];
  /** Rows of one person whose name or date was not compared: the register has none, or a limit of wrong values is used up. */
  readonly uncompared?: Example;
  /** Records with more cells than the header, which are INVALID. */
  readonly misshapen: number;
  /** What was learnt of the file before it was sent, or stated; with the counts that it was concluded from. */
  readonly learnt: LearntFile;
  /** What of the file is no character in its encoding; each such place is U+FFFD in what was sent and comes back. */
  readonly unreadable: Unreadable;
  readonly files: { readonly results: string; readonly receipt: string };
  /** What of the agency's own ends within 60 days, where there is anything. */
  readonly ending?: readonly EndingSoon[];
};

export type SinceSummary = {
  /** The earlier job. */
  readonly jobId: string;
  readonly asked: CountedRows;
  /**
   * Different rows of the earlier results that do not stand in this file as they were: taken out, or changed and asked about anew.
   * Unknown where nothing could be carried, and of the first rows only.
   */
  readonly gone?: number;
  readonly carried: CountedRows & {
    /** Rows by the job that was asked about them: the earlier one, and those that it had carried from. */
    readonly jobs: Readonly<Record<string, number>>;
    /** The oldest moment of the register among them; empty where none was carried. */
    readonly oldest: string;
    /** Why there is none, where nothing could be carried at all. */
    readonly nothingBecause?: NothingCarried;
  };
};

type CountedRows = Pick<Tally, 'rows'> & { readonly totals: Tally['verdicts'] };

/**
 * Verifies a file of subscribers: one line in the results for every record, in input order, and a receipt that proves
 * them. Run again after an interruption of any kind, it goes on where it was.
 *
 * Throws KitError (`exitCode`, `text('vi' | 'en')`); verdicts never throw.
 */
export async function verifySubscribers(options: VerifyOptions): Promise<VerifySummary> {
  const profile = typeof options.profile === 'string' ? await loadProfile(options.profile) : options.profile;
  const purpose = telcoPurpose(profile, options.purpose);
  if (options.replace !== true) await demandReplaceable(options.out);
  const client = createSignedClient(profile);
  try {
    return await withInput(options, (input) => verifyFile(client, input, { ...options, purpose }));
  } finally {
    client.close();
  }
}

type InputOptions = Pick<VerifyOptions, 'file' | 'sheet' | 'headerLine' | 'signal' | 'onOpening'>;

/** Gives work the file as lines of text, and takes away afterwards what was made for it. */
export async function withInput<T>(
  { file, sheet, headerLine, signal, onOpening }: InputOptions,
  work: (input: InputFile) => Promise<T>,
): Promise<T> {
  const kept = typeof file === 'string' ? { path: file, remove: async () => undefined } : await spool(file);
  try {
    const input = await openInput(kept.path, { sheet, headerLine, signal, onReading: onOpening });
    try {
      return await work(input);
    } finally {
      await input.remove();
    }
  } finally {
    await kept.remove();
  }
}

/** What the user says; a workbook's texts are Unicode whatever anybody says. */
export function statedOf(options: StatedProfile, { original }: Pick<InputFile, 'original'>): StatedProfile {
  const { encoding, dateOrder, newYearMeansUnknown, nameWidth, daysFrom1904 } = options;
  return {
    encoding: original === undefined ? encoding : 'utf-8',
    ...{ dateOrder, newYearMeansUnknown, nameWidth, daysFrom1904 },
  };
}

/** The columns to read. Throws KitError COLUMN_UNKNOWN, MAPPING_DOUBTFUL. */
export async function plausibleColumns(input: InputFile, options: Omit<VerifyOptions, 'out'>) {
  const wanted = telco.wanted(options.columns);
  const { encoding } = statedOf(options, input);
  if (options.mappingBelieved !== true) await demandPlausible(input, wanted, encoding);
  return wanted;
}

async function verifyFile(
  client: SignedClient,
  input: InputFile,
  options: VerifyOptions & { readonly purpose: string },
): Promise<VerifySummary> {
  const { out, replace, limit, purpose } = options;
  const { path, headerLine, original } = input;
  const columns = await plausibleColumns(input, options);
  const merged = mergedColumns(input, columns);
  if (merged.length > 0) options.onMerged?.(merged);
  const odd = createNoSubscriberTally(columns);
  const result = await runJob(
    {
      client,
      file: { path, out, replace, columns, headerLine, look: odd.look, original },
      terms: {
        purpose,
        chunkRows: options.chunkRows ?? CHUNK_ROWS.default,
        asOf: options.asOf ?? 0,
        stated: statedOf(options, input),
        slim: telco.slimForm,
        limit,
        since: options.since,
      },
    },
    {
      channels: options.channels ?? CHANNELS,
      inFlight: options.inFlight ?? 5,
      giveUpMs: options.giveUpMs ?? 60_000,
      stallMs: options.stallMs ?? 60_000,
      signal: options.signal,
      onOutage: options.onOutage,
      gate: options.gate,
      onReading: options.onReading,
      onEarlier: options.onEarlier,
      onNothingCarried: options.onNothingCarried,
      onProgress: options.onProgress,
    },
  );
  const { carried } = result;
  const tally = carried === undefined ? result.tally : bothOf(result.tally, carried.tally);
  const noSubscribers = odd.found();
  const ending = await readEndings(client, options.signal);
  return {
    jobId: result.jobId,
    purpose,
    rows: tally.rows,
    ...(carried === undefined ? {} : { since: sinceOf(result.tally, carried, limit) }),
    chunks: result.chunks,
    ...(limit === undefined ? {} : { limit }),
    ...(original === undefined ? {} : { sheet: original.sheet }),
    ...(headerLine === undefined ? {} : { headerLine }),
    ...(merged.length === 0 ? {} : { merged }),
    ...(noSubscribers === undefined ? {} : { noSubscribers }),
    resumedRows: result.resumedRows,
    totals: tally.verdicts,
    actions: tally.actions,
    reasons: byCount(tally.reasons).map(([reason, example]) => ({ reason, ...example })),
    notices: byCount(tally.notices).map(([notice, example]) => ({ notice, ...example })),
    ...(tally.uncompared === undefined ? {} : { uncompared: tally.uncompared }),
    misshapen: tally.misshapen,
    learnt: result.learnt,
    unreadable: result.unreadable,
    files: { results: result.results, receipt: result.receipt },
    ...(ending.length === 0 ? {} : { ending }),
  };
}

function sinceOf(asked: Tally, end: CarriedEnd, limit: number | undefined): SinceSummary {
  const { since, tally, jobs, oldest, because } = end;
  const gone = limit === undefined && end.gone !== undefined ? { gone: end.gone } : {};
  const counted = ({ rows, verdicts }: Tally): CountedRows => ({ rows, totals: verdicts });
  const why = because === undefined ? {} : { nothingBecause: because };
  return { jobId: since, asked: counted(asked), ...gone, carried: { ...counted(tally), jobs, oldest, ...why } };
}

/**
 * The purpose to ask under: the connector's own unless another is named. Never merely one that the profile has: an answer to a
 * question of another purpose is a use of a person's data that nobody meant. Throws KitError PURPOSE_UNKNOWN.
 */
export function telcoPurpose(profile: Profile, wanted: string = telco.purpose): string {
  return purposeOf(profile, wanted);
}

function byCount(table: Readonly<Record<string, Example>>): [string, Example][] {
  return Object.entries(table).sort(([, a], [, b]) => b.count - a.count || a.line - b.line);
}
