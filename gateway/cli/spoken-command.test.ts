import { Command, CommanderError, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { mistakeInVietnamese, SpokenCommand } from './spoken-command.ts';

/** What a program with one command says of these arguments. */
function said(program: Command, args: readonly string[]): string {
  program
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .command('do')
    .argument('<file>')
    .option('--all')
    .addOption(new Option('--none').conflicts('all'))
    .addOption(new Option('--lang <l>').choices(['vi', 'en']))
    .requiredOption('--out <file>')
    .action(() => {});
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
  return '';
}

describe('a mistake', () => {
  test.each([
    [['do', 'a', '--out', 'b', '--nix'], "lỗi: không có tùy chọn '--nix'"],
    [['do', 'a', '--out', 'b', '--al'], "lỗi: không có tùy chọn '--al'\n(Có phải bạn muốn dùng --all?)"],
    [['undo'], "lỗi: không có lệnh 'undo'\n(Có phải bạn muốn dùng do?)"],
    [['do', '--out', 'b'], "lỗi: thiếu tham số bắt buộc 'file'"],
    [['do', 'a', '--out'], "lỗi: tùy chọn '--out <file>' thiếu giá trị"],
    [['do', 'a'], "lỗi: thiếu tùy chọn bắt buộc '--out <file>'"],
    [['do', 'a', 'b', 'c', '--out', 'd'], 'lỗi: thừa tham số: cần 1, nhận 3: a, b, c.'],
    [['do', 'a', '--lang', 'fr'], "lỗi: tùy chọn '--lang <l>' không nhận giá trị 'fr'. Các giá trị được nhận: vi, en."],
    [['do', 'a', '--out', 'b', '--all', '--none'], "lỗi: không dùng tùy chọn '--none' cùng với '--all'"],
  ])('%j is told in Vietnamese, and in English as the library says it', (args, vi) => {
    expect(said(new SpokenCommand('p', 'vi'), args)).toBe(vi);
    const plain = said(new Command('p'), args);
    expect(plain).toMatch(/^error: /);
    expect(said(new SpokenCommand('p', 'en'), args)).toBe(plain);
  });

  test('that is not known stays as it is', () => {
    expect(mistakeInVietnamese('error: something new', 'commander.new')).toBe('error: something new');
    expect(mistakeInVietnamese('error: said otherwise', 'commander.unknownOption')).toBe('error: said otherwise');
  });
});
