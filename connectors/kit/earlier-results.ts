import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Receipt } from '../../gateway/proof/receipt.ts';
import type { CarriedFrom } from '../../gateway/proof/receipt-carried.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import type { SignedKeySet } from '../../gateway/signing/signed-key-set.ts';
import { type AskedTerms, askedPathOf, askedTagsOf, checkAskedFile, readTags, termsText } from './asked-file.ts';
import type { AskedTags } from './asked-tags.ts';
import { createBits } from './bits.ts';
import { digestOfFile, earlierDiffers, resultsOfJob, withSources } from './carried-sources.ts';
import { type CarryIndex, createCarryIndex, createRecordPlaces, type RecordPlaces, tagAt } from './carry-index.ts';
import { KitError } from './kit-error.ts';
import { receiptPathOf } from './receipt-file.ts';
import type { ReceiptClaims } from './receipt-trust.ts';
import { readTrusted } from './receipt-trusted.ts';
import { openRecords, type RecordReader } from './record-reader.ts';
import { checkResultRows } from './result-check.ts';
import { createPlacing } from './result-places.ts';
import type { ResultCellsOf } from './result-rows.ts';

/** Earlier results that are what the gateway signed, and which of their rows may be carried. */
export type EarlierResults = {
  readonly jobId: string;
  readonly path: string;
  /** What the gateway answered under. */
  readonly versions: ReceiptClaims['ver'];
  /** The receipts that prove the rows: its own, and those that it had carried from itself. */
  readonly receipts: readonly Omit<CarriedFrom, 'rows'>[];
  /** Tags of rows as the earlier run made them; undefined where that run asked under other terms, and nothing is carried. */
  readonly tags: AskedTags | undefined;
  readonly index: CarryIndex;
  readonly places: RecordPlaces;
  readonly records: RecordReader;
  close(): void;
};

/** Which answers are final enough to be carried. */
export type CarryRule = {
  /** Unix seconds: an answer of a register older than that is asked for again. */
  readonly notBefore: number;
  /** Verdicts that are always asked for again, besides those that say nothing of the row. */
  readonly askAgain: readonly string[];
};

/** Rows of the earlier results that were checked, and how many there are. */
export type OnRows = (rows: number, total: number) => void;

/** Unless a user says otherwise: a person may have died since, and of that nothing in a file tells. */
export const CARRY_SECONDS: number = 30 * 86_400;

/** They say nothing of the row: a limit or a permission stood in the way, or the row could not be read. */
export const NEVER_CARRIED = ['INVALID', 'NOT_PERMITTED', 'CONSENT_MISSING', 'LIMITED'] as const;
/** With these a state was told that ends. */
const PASSING_NOTICES = ['MISSING', 'UNDER_INVESTIGATION'] as const;
/** The register's clock may be ahead of the one that dates a receipt. */
const CLOCK_SECONDS = 60;
const JOB_ID = /^[0-9a-f]{32}$/;

/**
 * The earlier results that a user names: the results themselves, or a job whose results lie in one of the folders.
 * Throws KitError EARLIER_MISSING, EARLIER_TWICE, EARLIER_UNFINISHED, EARLIER_IS_OUT.
 */
export async function findEarlier(named: string, out: string, folders: readonly string[]): Promise<string> {
  const path = JOB_ID.test(named) ? await resultsOf(named, folders) : named;
  if (resolve(path) === resolve(out)) throw new KitError('EARLIER_IS_OUT', { file: path });
  if (!(await isThere(receiptPathOf(path))) && (await isThere(`${path}.job.json`)))
    throw new KitError('EARLIER_UNFINISHED', { file: path });
  return path;
}

async function resultsOf(job: string, folders: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const folder of new Set(folders.map((one) => resolve(one)))) found.push(...(await resultsOfJob(folder, job)));
  const [path, other] = found;
  if (path === undefined) throw new KitError('EARLIER_MISSING', { job, folder: folders[0] ?? '.' });
  if (other !== undefined) throw new KitError('EARLIER_TWICE', { job, files: `${path}, ${other}` });
  return path;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Verifies earlier results against their receipt, and learns which rows may be carried. Nothing is carried from results of which
 * one cell was edited, nor by a file of tags whose seal does not hold.
 *
 * Memory: 22.7 bytes a row of them (`carry-index.ts`), and 5 bytes a row of what they carry from while they are verified.
 *
 * Throws KitError FILE_MISSING, RECEIPT_WRONG, EARLIER_DIFFERS, ASKED_MISSING, ASKED_WRONG, CARRIED_SOURCE_MISSING.
 */
export async function openEarlier(
  path: string,
  {
    root,
    newest,
    terms,
    rule,
    signal,
    onRows,
  }: {
    root: PublicJwk;
    newest: SignedKeySet | undefined;
    terms: AskedTerms;
    rule: CarryRule;
    signal?: AbortSignal | undefined;
    onRows?: OnRows | undefined;
  },
): Promise<EarlierResults> {
  const { agency, deployment } = terms;
  const receiptPath = receiptPathOf(path);
  const { receipt, trusted } = await readTrusted(receiptPath, root, { agency, deployment, newest });
  const asked = await checkAskedFile(path, receipt);
  if (asked.rows !== receipt.rows + (receipt.carried?.rows ?? 0))
    throw new KitError('ASKED_WRONG', { file: askedPathOf(path) });
  const same = asked.terms === termsText(terms);
  const eligible = createBits(asked.rows);
  const index = createCarryIndex(same ? asked.rows : 0, eligible.has);
  const places = createRecordPlaces();
  const records = openRecords(path);
  try {
    const placing = await createPlacing(path);
    const versionsAt = versionsByChunk(receipt);
    const momentOf = createMoments();
    const where = { folder: dirname(path), root, agency, deployment, newest };
    const check = await withSources(receipt, where, (sources) =>
      checkResultRows(path, receipt, {
        sources,
        onRow({ batch, i, row, asked: own }) {
          if (i === 0) {
            if (signal?.aborted === true) throw new KitError('INTERRUPTED');
            onRows?.(places.count, asked.rows);
          }
          const moment = momentOf(row('as_of'));
          // No signature holds the moment itself; but no register is read after its job was closed.
          const early = own && !(moment <= trusted.claims.iat + CLOCK_SECONDS);
          if (early) throw earlierDiffers(path, { found: 1, problems: [{ line: Number(row('line')) }] });
          const under = own ? versionsAt(row) : sources.versions(row);
          const same = isSame(under, trusted.claims.ver);
          if (same && mayCarry(row, moment, rule)) eligible.set(places.count);
          places.add(placing.of(batch, i));
        },
      }),
    );
    placing.end(records.size);
    if (!check.ok) throw earlierDiffers(path, check);
    places.end(records.size);
    let record = 0;
    if (same)
      for await (const tags of readTags(path, asked))
        for (let at = 0; at < tags.length; at = tagAt(1) + at, record++) index.add(tags, at, record);
    return {
      ...{ jobId: receipt.jobId, path, versions: trusted.claims.ver, index, places, records },
      receipts: await receiptsOf(receipt, receiptPath),
      tags: same ? askedTagsOf(receipt.jobKey, terms) : undefined,
      close: () => records.close(),
    };
  } catch (error) {
    records.close();
    throw error;
  }
}

async function receiptsOf({ jobId, carried }: Receipt, path: string): Promise<EarlierResults['receipts']> {
  return [
    { jobId, receipt: await digestOfFile(path) },
    ...(carried?.from ?? []).map((from) => ({ jobId: from.jobId, receipt: from.receipt })),
  ];
}

/** Unix seconds; one chunk's rows say the same. */
function createMoments(): (text: string) => number {
  let [last, moment] = ['', Number.NaN];
  return (text) => {
    if (text !== last) [last, moment] = [text, Date.parse(text) / 1000];
    return moment;
  };
}

type Versions = { readonly profile?: unknown; readonly agreement?: unknown } | undefined;

/**
 * What a row's chunk was answered under: a job may see another version come, and its receipt names the one at its end. Read from
 * the chunk's token as it stands, for it can only keep rows from being carried. Undefined where that does not say so.
 */
function versionsByChunk({ chunks }: Receipt): (row: ResultCellsOf) => Versions {
  const versions = chunks.map(({ answer }): Versions => {
    const parsed = parseToken(answer);
    return parsed.ok && parsed.token.claims.rev !== undefined ? Object(parsed.token.claims.rev) : undefined;
  });
  return (row) => versions[Number.parseInt(row('proof_ref'), 10)];
}

function isSame(a: Versions, { profile, agreement }: ReceiptClaims['ver']): boolean {
  return a === undefined || (a.profile === profile && a.agreement === agreement);
}

function mayCarry(row: ResultCellsOf, moment: number, { notBefore, askAgain }: CarryRule): boolean {
  const verdict = row('verdict');
  if (!(moment >= notBefore) || askAgain.includes(verdict)) return false;
  if (NEVER_CARRIED.some((never) => never === verdict)) return false;
  const notices = row('notices');
  return notices === '' || !PASSING_NOTICES.some((passing) => notices.split('|').includes(passing));
}

/** Where a job is looked for: beside the results to be, and beside the file. */
export function foldersOf(out: string, file: string | undefined): string[] {
  return [...(out === '-' ? [] : [dirname(out)]), ...(file === undefined ? [] : [dirname(file)]), '.'];
}
