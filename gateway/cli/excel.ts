import { rename, rm } from 'node:fs/promises';
import { fileBytes, readCsv } from '../../connectors/kit/csv-read.ts';
import { unguard } from '../../connectors/kit/csv-write.ts';
import { KitError } from '../../connectors/kit/kit-error.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import type { Action } from '../../connectors/kit/result-lines.ts';
import { mayCarryRows } from '../../connectors/kit/result-places.ts';
import { RESULT_COLUMNS_WANTED, type ResultCellsOf, resultCellsOf } from '../../connectors/kit/result-rows.ts';
import { systemCode } from '../../connectors/kit/system-code.ts';
import { writeWorkbook } from '../../connectors/kit/xlsx/write-workbook.ts';
import type { Notice, Verdict } from '../matching/verdicts.ts';
import { localMinute } from './local-time.ts';
import { reasonSentence } from './summary.ts';
import { ACTION_WORDS, NOTICE_WORDS, VERDICT_WORDS } from './verdict-words.ts';

/** Results for people: a workbook of texts, sentences for codes, times as people see them. What a script reads is results.csv. */

const HEADERS = {
  en: [
    'Line',
    'Record',
    'Subscription',
    'Verdict',
    'What it means',
    'To do',
    'Reasons',
    'Notices',
    'Current ID',
    'Register of (+07:00)',
    'Proof',
  ],
  vi: [
    'Dòng',
    'Mã bản ghi',
    'Số thuê bao',
    'Kết luận',
    'Ý nghĩa',
    'Việc cần làm',
    'Lý do',
    'Lưu ý',
    'Số định danh hiện hành',
    'Dữ liệu lúc (+07:00)',
    'Mã chứng minh',
  ],
} as const satisfies Record<Language, readonly string[]>;
const WIDTHS = [9, 16, 14, 16, 44, 30, 60, 30, 18, 22, 12];
/** Only in a workbook of results that may have carried rows. */
const CARRIED = { title: { en: 'Carried from job', vi: 'Giữ lại từ công việc' }, width: 36 } as const;
const TITLES = { en: 'Results', vi: 'Kết quả' } as const;
const BATCH_ROWS = 4096;

export function excelPathOf(results: string): string {
  return `${results.replace(/\.csv$/i, '')}.xlsx`;
}

/** Where a workbook is written until it is whole. */
export function workbookPartOf(path: string): string {
  return `${path}.part`;
}

/**
 * Writes results as a workbook: those rows that need work, or all. Written under another name and renamed; memory does not grow
 * with the file. Throws KitError OUTPUT_UNWRITABLE, INTERRUPTED.
 */
export async function writeExcel(
  results: string,
  path: string,
  { language, all, signal }: { language: Language; all: boolean; signal?: AbortSignal },
): Promise<{ readonly rows: number; readonly sheets: number }> {
  const part = workbookPartOf(path);
  try {
    const carried = await mayCarryRows(results);
    const rows = excelRows(results, { language, all, carried, signal });
    const made = await writeWorkbook(part, {
      title: TITLES[language],
      header: [...HEADERS[language], ...(carried ? [CARRIED.title[language]] : [])],
      widths: [...WIDTHS, ...(carried ? [CARRIED.width] : [])],
      rows,
    });
    await rename(part, path);
    return made;
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof KitError) throw error;
    throw new KitError('OUTPUT_UNWRITABLE', { file: path, code: systemCode(error) }, { cause: error });
  }
}

async function* excelRows(
  results: string,
  {
    language,
    all,
    carried,
    signal,
  }: { language: Language; all: boolean; carried: boolean; signal?: AbortSignal | undefined },
): AsyncGenerator<readonly (readonly string[])[]> {
  for await (const batch of readCsv(fileBytes(results), { columns: RESULT_COLUMNS_WANTED, batchRows: BATCH_ROWS })) {
    if (signal?.aborted === true) throw new KitError('INTERRUPTED');
    const record = resultCellsOf(batch);
    const rows: (readonly string[])[] = [];
    for (let i = 0; i < batch.count; i++) {
      const cell = record(i);
      if (all || cell('action') !== 'KEEP') rows.push(excelRow(cell, language, carried));
    }
    if (rows.length > 0) yield rows;
  }
}

/** One row in words. */
export function excelRow(cell: ResultCellsOf, language: Language, carried = false): readonly string[] {
  const list = (name: 'reasons' | 'notices'): string[] =>
    cell(name)
      .split('|')
      .filter((one) => one !== '');
  const said = (words: Readonly<Record<string, Readonly<Record<Language, string>>>>, name: string): string =>
    words[name]?.[language] ?? name;
  return [
    cell('line'),
    unguard(cell('row_id')),
    phone(unguard(cell('msisdn'))),
    cell('verdict'),
    said(VERDICT_WORDS satisfies Record<Verdict, unknown>, cell('verdict')),
    said(ACTION_WORDS satisfies Record<Action, unknown>, cell('action')),
    list('reasons')
      .map((reason) => reasonSentence(reason, language))
      .join(' '),
    list('notices')
      .map((notice) => said(NOTICE_WORDS satisfies Record<Notice, unknown>, notice))
      .join('; '),
    cell('current_id'),
    localMinute(Date.parse(cell('as_of')) / 1000),
    cell('proof_ref'),
    ...(carried ? [cell('carried_from')] : []),
  ];
}

/** As people dial it: `84961234501` and `961234501` are 0961234501. */
function phone(text: string): string {
  const found = /^(?:\+?84|0)?([35789]\d{8})$/.exec(text);
  return found === null ? text : `0${found[1]}`;
}
