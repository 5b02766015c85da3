import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from './exit-codes.ts';
import { KitError } from './kit-error.ts';
import { KIT_MESSAGES, type KitReason } from './messages.ts';

const reasons = Object.keys(KIT_MESSAGES) as KitReason[];
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('messages', () => {
  it.each(reasons)('%s says the same in both languages, with an exit code', (reason) => {
    const { en, vi, exit } = KIT_MESSAGES[reason];
    expect(new Set(places(vi))).toEqual(new Set(places(en)));
    expect(vi).not.toBe(en);
    expect(EXIT_CODES[exit]).toBeGreaterThan(0);
  });

  it('are filled with what they name, and with nothing that an object inherits', () => {
    const error = new KitError('QUOTE_UNCLOSED', { line: 7 });
    expect(error.message).toContain('line 7');
    expect(error.text('vi')).toContain('dòng 7');
    expect(error.exitCode).toBe(2);
    expect(new KitError('FILE_MISSING', {}).message).toContain('{file}');
  });
});
