import type { Encoding } from '../decode/encodings.ts';
import { vniLength } from '../decode/vni.ts';
import type { EncodingCounts } from './detect-encoding.ts';
import { createWidthTally, type WidthCounts } from './name-width.ts';
import { isAscii, utf8Length, withoutPadding } from './raw-text.ts';
import { createTextSample } from './text-sample.ts';

/**
 * What the texts of a file show, while its encoding is not known yet. Lengths are counted as each kind of encoding would
 * decode them, so that the file needs to be read only once.
 */
export type TextTally = {
  /** A row's name and the two cells that come back as read, as bytes. */
  add(name: string, rowId: string, msisdn: string): void;
  counts(): EncodingCounts;
  widths(encoding: Encoding): WidthCounts;
};

export function createTextTally(): TextTally {
  const sample = createTextSample();
  const widths = { utf8: createWidthTally(), vni: createWidthTally(), bytes: createWidthTally() };
  let [rows, marked, utf8] = [0, 0, 0];

  /** Its length as UTF-8; −1 where it is not. */
  function look(raw: string): number {
    marked++;
    sample.add(raw);
    const length = utf8Length(raw);
    if (length >= 0) utf8++;
    return length;
  }

  return {
    add(name, rowId, msisdn) {
      rows++;
      if (!isAscii(rowId)) look(rowId);
      if (!isAscii(msisdn)) look(msisdn);
      const text = withoutPadding(name);
      widths.bytes.add(text.length, text);
      if (isAscii(text)) {
        widths.utf8.add(text.length, text);
        widths.vni.add(text.length, text);
        return;
      }
      const length = look(text);
      if (length >= 0) widths.utf8.add(length, text);
      // No marked text of VNI is UTF-8 too: its marks are no continuation bytes.
      else widths.vni.add(vniLength(text), text);
    },
    counts: () => ({ rows, marked, utf8, sample: sample.texts() }),
    widths(encoding) {
      if (encoding === 'vni') return widths.vni.counts();
      // UTF-16 is looked at as the UTF-8 that it is turned into.
      return encoding.startsWith('utf') ? widths.utf8.counts() : widths.bytes.counts();
    },
  };
}
