import sax from 'sax';
import { filled } from '../../../gateway/errors/words.ts';
import { KitError } from '../kit-error.ts';
import { WORKBOOK_WORDS } from './workbook-words.ts';

/** What is heard of a part's XML; names come without their prefix. */
export type XmlEvents = {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
};

/**
 * Reads a part piece by piece; after each one `afterPiece` may take what was heard. Throws KitError XLSX_WRONG for XML that is
 * none or has a DOCTYPE: no entities but XML's own are known.
 */
export async function* readXml<T>(
  file: string,
  part: string,
  stream: AsyncIterable<Uint8Array>,
  events: XmlEvents,
  afterPiece: () => T | undefined = () => undefined,
): AsyncGenerator<T> {
  const wrong = (cause: unknown): KitError =>
    cause instanceof KitError
      ? cause
      : new KitError('XLSX_WRONG', { file, problem: filled(WORKBOOK_WORDS.partUnreadable, { part }) }, { cause });
  const parser = sax.parser(true, { trim: false, normalize: false, position: false });
  let failed: unknown;
  parser.onerror = (error) => {
    failed ??= error;
  };
  parser.ondoctype = () => {
    failed ??= new Error('DOCTYPE');
  };
  let elements = 0;
  parser.onopentag = ({ name, attributes }) => {
    elements++;
    events.open?.(bare(name), attributes as Record<string, string>);
  };
  parser.onclosetag = (name) => events.close?.(bare(name));
  parser.ontext = (text) => events.text?.(text);
  parser.oncdata = (text) => events.text?.(text);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of stream) {
      parser.write(decoder.decode(piece, { stream: true }));
      if (failed !== undefined) throw failed;
      const taken = afterPiece();
      if (taken !== undefined) yield taken;
    }
    parser.write(decoder.decode()).close();
    if (failed !== undefined || elements === 0) throw failed ?? new Error('empty');
  } catch (error) {
    throw wrong(failed ?? error);
  }
  const rest = afterPiece();
  if (rest !== undefined) yield rest;
}

/** Hears a whole part. */
export async function hearXml(
  file: string,
  part: string,
  stream: AsyncIterable<Uint8Array>,
  events: XmlEvents,
): Promise<void> {
  for await (const _ of readXml(file, part, stream, events)) {
    // Nothing is taken on the way.
  }
}

function bare(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
