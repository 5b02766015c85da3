import { describe, expect, test } from 'vitest';
import { definitions, visible, wrap } from './wrap.ts';

describe('texts in lines', () => {
  test('break at spaces and keep their own breaks; a long word keeps its line', () => {
    expect(wrap('một hai ba bốn\nnăm', 8)).toEqual(['một hai', 'ba bốn', 'năm']);
    expect(wrap('a_word_that_is_too_long b', 8)).toEqual(['a_word_that_is_too_long', 'b']);
    expect(wrap('', 8)).toEqual(['']);
  });

  test('stand beside their labels, within the width', () => {
    expect(
      definitions(
        [
          ['Số', 'một hai ba'],
          ['Họ tên', 'x'],
        ],
        18,
      ),
    ).toEqual(['  Số      một hai', '          ba', '  Họ tên  x']);
  });

  test('what cannot be seen is shown by its code, and letters stay', () => {
    expect(visible('An\u200b\u00a0\u001b[2J\nB\ufeff\ud800')).toBe(
      'An⟨U+200B⟩⟨U+00A0⟩⟨U+001B⟩[2J⟨U+000A⟩B⟨U+FEFF⟩⟨U+D800⟩',
    );
    expect(visible('Nguyễn Văn An'.normalize('NFD'))).toBe('Nguyễn Văn An'.normalize('NFD'));
  });
});
