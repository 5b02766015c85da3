/** Cuts a CSV file into blocks of whole records, by bytes, so that memory stays bounded and lines can be counted. */
import { filled } from '../../errors/words.ts';
import { IMPORT_WORDS } from './import-words.ts';
import { ImportError } from './reject.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Some whole records. Lines count from 1; a record with line breaks inside quotes takes several. */
export interface Block {
  /** Nothing else needs their memory: it may be handed over to a thread. */
  readonly bytes: Buffer;
  readonly firstLine: number;
  /** Records before this block, the header's included. */
  readonly firstRecord: number;
  readonly records: number;
  /** True where a record may take several lines. */
  readonly multiline: boolean;
}

/** Not `Buffer.concat`, which puts short ones into memory that others share. */
function joined(rest: Buffer, piece: Buffer): Buffer {
  const data = Buffer.allocUnsafeSlow(rest.length + piece.length);
  rest.copy(data);
  piece.copy(data, rest.length);
  return data;
}

/** A record longer than this is taken for a quote that was never closed. */
export const MAX_RECORD = 1024 * 1024;

/**
 * Feed it the file piece by piece, each piece alone in its memory. A quote opens only at the beginning of a cell (RFC 4180); elsewhere it is a letter.
 * Throws ImportError RECORD_TOO_LONG with the line where the endless record begins.
 */
export function createFramer(): { push(piece: Buffer): Block | undefined; end(): Block | undefined } {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let record = 0;

  /** Scans `data` for record ends: the position after the last, with counts. */
  const scan = (data: Buffer, final: boolean) => {
    let cut = 0;
    let records = 0;
    let lines = 0;
    let inside = 0;
    let at = 0;
    let quote = data.indexOf(QUOTE);
    let open = false;
    while (at < data.length) {
      if (!open) {
        const feed = data.indexOf(LINE_FEED, at);
        if (quote >= 0 && quote < at) quote = data.indexOf(QUOTE, at);
        if (quote >= 0 && (feed < 0 || quote < feed)) {
          const before = quote === 0 ? LINE_FEED : data[quote - 1];
          open = before === COMMA || before === LINE_FEED || before === RETURN;
          at = quote + 1;
          quote = data.indexOf(QUOTE, at);
          continue;
        }
        if (feed < 0) break;
        records++;
        lines += 1 + inside;
        inside = 0;
        cut = feed + 1;
        at = cut;
      } else {
        if (quote < 0) {
          at = data.length;
          break;
        }
        for (
          let feed = data.indexOf(LINE_FEED, at);
          feed >= 0 && feed < quote;
          feed = data.indexOf(LINE_FEED, feed + 1)
        )
          inside++;
        // A doubled quote inside a cell is one letter.
        const doubled = data[quote + 1] === QUOTE;
        if (!doubled && quote + 1 === data.length && !final) break;
        at = quote + (doubled ? 2 : 1);
        open = doubled;
        quote = data.indexOf(QUOTE, at);
      }
    }
    let multiline = lines !== records;
    if (final && cut < data.length) {
      // The last record may have line breaks within quotes, closed or not.
      multiline ||= open || inside > 0;
      records++;
      lines++;
      cut = data.length;
    }
    return { cut, records, lines, multiline };
  };

  const take = (data: Buffer, final: boolean): Block | undefined => {
    const { cut, records, lines, multiline } = scan(data, final);
    if (data.length - cut > MAX_RECORD) {
      throw new ImportError('RECORD_TOO_LONG', filled(IMPORT_WORDS.recordTooLong, { line: line + lines }));
    }
    rest = Buffer.from(data.subarray(cut));
    if (records === 0) return undefined;
    const block = {
      bytes: data.subarray(0, cut),
      firstLine: line,
      firstRecord: record,
      records,
      multiline,
    };
    line += lines;
    record += records;
    return block;
  };

  return {
    push: (piece) => take(rest.length === 0 ? piece : joined(rest, piece), false),
    end: () => (rest.length === 0 ? undefined : take(joined(rest, Buffer.alloc(0)), true)),
  };
}
