import { createHmac, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type AskedTags, createAskedTags, TAG_BYTES } from './asked-tags.ts';
import { fileBytes } from './csv-read.ts';
import { KitError } from './kit-error.ts';
import type { SentProfile } from './learn/finding.ts';
import { openPart } from './part-file.ts';

/**
 * `<out>.asked`, kept beside results: for every line of them what was asked, as a tag (`asked-tags.ts`), so that a later
 * run can tell which rows are new or changed. A line of JSON, 16 bytes a row, and 32 bytes that seal both. Its keys come
 * from the job's secret, which stands in the receipt alone: by itself the file tells nothing of any row.
 */
export const ASKED_FORMAT = 'lienthong-asked/1';

/** What decides an answer besides the row and the gateway's own versions. */
export type AskedTerms = {
  readonly agency: string;
  readonly deployment: string;
  readonly purpose: string;
  readonly service: string;
  readonly unit: string;
  /** How the file's cells were said to be read. */
  readonly profile: SentProfile;
};

const SEAL_BYTES = 32;
const MOST_HEAD_BYTES = 1 << 16;
const LF = 0x0a;

export function askedPathOf(out: string): string {
  return `${out}.asked`;
}

function keyOf(jobKey: Uint8Array, use: 'tags' | 'seal', what: string): Buffer {
  return createHmac('sha256', jobKey).update(`lt-asked-${use}\0${what}`).digest();
}

/** Tags of a job's rows: other terms give every row another tag. */
export function askedTagsOf(jobKey: Uint8Array, terms: AskedTerms): AskedTags {
  return createAskedTags(keyOf(jobKey, 'tags', termsText(terms)));
}

/** One text, whatever the order in which the members were set. */
export function termsText({ agency, deployment, purpose, service, unit, profile }: AskedTerms): string {
  const { encoding, dateOrder, newYearMeansUnknown, nameWidth, daysFrom1904 } = profile;
  const read = { encoding, dateOrder, newYearMeansUnknown, nameWidth, daysFrom1904 };
  return JSON.stringify({ agency, deployment, purpose, service, unit, profile: read });
}

export type AskedWriter = {
  /** Whose tags were given so far. */
  readonly rows: number;
  /** The tags of the next rows, in the order of the results. */
  append(tags: Uint8Array): Promise<void>;
  /** Seals the file and puts it on the disk; it still has to be given its name. */
  finish(): Promise<void>;
  close(): Promise<void>;
};

/** Begins the file anew: a run that goes on reads its file from the first row on too. */
export async function createAskedWriter(
  out: string,
  { jobId, jobKey, terms, statePath }: { jobId: string; jobKey: Uint8Array; terms: AskedTerms; statePath: string },
): Promise<AskedWriter> {
  const file = await openPart(askedPathOf(out), 0, statePath);
  const seal = createHmac('sha256', keyOf(jobKey, 'seal', jobId));
  const append = async (bytes: Uint8Array): Promise<void> => {
    seal.update(bytes);
    await file.append(bytes);
  };
  const told = JSON.parse(termsText(terms)) as object;
  await append(Buffer.from(`${JSON.stringify({ format: ASKED_FORMAT, job_id: jobId, terms: told })}\n`, 'utf8'));
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    async append(tags) {
      rows += tags.length / TAG_BYTES;
      await append(tags);
    },
    async finish() {
      await file.append(seal.digest());
      await file.sync();
    },
    close: () => file.close(),
  };
}

/** What a file of tags says of itself, once its seal was found to hold. */
export type AskedFile = { readonly terms: string; readonly rows: number; readonly tagsAt: number };

/** Throws KitError ASKED_MISSING; ASKED_WRONG for one that is damaged, edited, or of another job. */
export async function checkAskedFile(
  out: string,
  { jobId, jobKey }: { jobId: string; jobKey: Uint8Array },
): Promise<AskedFile> {
  const path = askedPathOf(out);
  const wrong = (): never => {
    throw new KitError('ASKED_WRONG', { file: path });
  };
  const size = await sizeOf(path);
  const seal = createHmac('sha256', keyOf(jobKey, 'seal', jobId));
  const sealed = size - SEAL_BYTES;
  const kept: Uint8Array[] = [];
  let head = Buffer.alloc(0);
  let read = 0;
  for await (const piece of fileBytes(path)) {
    const end = Math.min(piece.length, Math.max(0, sealed - read));
    seal.update(piece.subarray(0, end));
    if (end < piece.length) kept.push(Uint8Array.from(piece.subarray(end)));
    if (head.length < MOST_HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, MOST_HEAD_BYTES)]);
    read += piece.length;
  }
  const found = Buffer.concat(kept);
  if (found.length !== SEAL_BYTES || !timingSafeEqual(found, seal.digest())) return wrong();
  const tagsAt = head.indexOf(LF) + 1;
  const rows = (sealed - tagsAt) / TAG_BYTES;
  // Sealed by whoever has the job's key: written by this program, then, of this version or another.
  const told = JSON.parse(head.toString('utf8', 0, tagsAt)) as { format?: string; terms?: AskedTerms };
  if (told.format !== ASKED_FORMAT || told.terms === undefined || !Number.isInteger(rows)) return wrong();
  return { terms: termsText(told.terms), rows, tagsAt };
}

/** The tags of all rows in pieces of whole tags, each of which stands until the next is asked for. */
export async function* readTags(out: string, { tagsAt, rows }: AskedFile): AsyncGenerator<Uint8Array> {
  const file = await open(askedPathOf(out));
  try {
    const piece = Buffer.alloc(TAG_BYTES << 12);
    for (let [at, left] = [tagsAt, rows * TAG_BYTES]; left > 0; ) {
      const want = Math.min(left, piece.length);
      let got = 0;
      while (got < want) {
        const { bytesRead } = await file.read(piece, got, want - got, at + got);
        if (bytesRead === 0) throw new KitError('ASKED_WRONG', { file: askedPathOf(out) });
        got += bytesRead;
      }
      yield piece.subarray(0, got);
      at += got;
      left -= got;
    }
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path);
    try {
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new KitError('ASKED_MISSING', { file: path }, { cause: error });
  }
}
