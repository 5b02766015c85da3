import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnreadable } from './unreadable.ts';
import { sniffUtf16, utf16AsUtf8 } from './utf16.ts';

async function convert(bytes: Buffer, order: 'utf-16le' | 'utf-16be', size: number) {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    // The same buffer again and again, as a source may use it.
    const piece = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(piece, 0, at, at + size);
      yield piece.subarray(0, length);
    }
  }
  const unreadable = createUnreadable();
  const out: Uint8Array[] = [];
  for await (const piece of utf16AsUtf8(pieces(), order, unreadable)) out.push(Buffer.from(piece));
  return { text: Buffer.concat(out).toString('utf8'), ...unreadable.result() };
}

const written = (text: string, order: 'utf-16le' | 'utf-16be'): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'utf-16le' ? bytes : bytes.swap16();
};

describe.each(['utf-16le', 'utf-16be'] as const)('%s', (order) => {
  it('is read in whatever pieces it comes, halves of characters counted', async () => {
    const unit = fc.constantFrom('a', '\n', 'ễ', '😀', '\ud83d', '\ude00', '\u0a0a', '\ufffd', '\u0000');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 30 }), fc.integer({ min: 1, max: 9 }), async (text, size) => {
        const { text: read, count, line } = await convert(written(text, order), order, size);
        const whole = text.toWellFormed();
        expect(read).toBe(whole);
        const lost = Array.from({ length: text.length }, (_, i) => i).filter((i) => text[i] !== whole[i]);
        expect(count).toBe(lost.length);
        expect(line).toBe(lost.length === 0 ? 0 : text.slice(0, lost[0]).split('\n').length);
      }),
    );
  });

  it.each([1, 2, 3, 100])('that ends in half a character, in pieces of %d', async (size) => {
    const bytes = Buffer.concat([written('a\nễ', order), Buffer.of(0x41)]);
    expect(await convert(bytes, order, size)).toEqual({ text: 'a\nễ\ufffd', count: 1, line: 2 });
  });

  it('is known by its mark, and by its zero bytes', () => {
    expect(sniffUtf16(written('\ufeff', order))).toBe(order);
    expect(sniffUtf16(written('row_id,msisdn\n1,Nguyễn Văn Ấm', order))).toBe(order);
    expect(sniffUtf16(written('Mã;Số thuê bao;Số giấy tờ;Họ tên;Ngày sinh', order))).toBe(order);
  });
});

describe('what is not UTF-16', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.of(0)],
    ['UTF-8', Buffer.from('\ufeffrow_id,ễ')],
    ['zero bytes only', Buffer.alloc(5000)],
    ['UTF-8 with some zero bytes', Buffer.from('a,b\0,c\n1\0,2,3\n\0\0')],
  ])('%s', (_name, bytes) => expect(sniffUtf16(bytes)).toBeUndefined());
});
