import { Command, type ErrorOptions } from 'commander';
import type { Language } from '../../connectors/kit/messages.ts';
import { fill } from './problem.ts';

/** What the library says of a mistake, by its code: how its English names things, and the same in Vietnamese. */
const MISTAKES_VI: Readonly<Record<string, { readonly en: RegExp; readonly vi: string }>> = {
  'commander.unknownOption': { en: /^unknown option '(?<name>.*)'$/s, vi: "không có tùy chọn '{name}'" },
  'commander.unknownCommand': { en: /^unknown command '(?<name>.*)'$/s, vi: "không có lệnh '{name}'" },
  'commander.missingArgument': {
    en: /^missing required argument '(?<name>.*)'$/s,
    vi: "thiếu tham số bắt buộc '{name}'",
  },
  'commander.optionMissingArgument': {
    en: /^option '(?<name>.*)' argument missing$/s,
    vi: "tùy chọn '{name}' thiếu giá trị",
  },
  'commander.missingMandatoryOptionValue': {
    en: /^required option '(?<name>.*)' not specified$/s,
    vi: "thiếu tùy chọn bắt buộc '{name}'",
  },
  'commander.excessArguments': {
    en: /^too many arguments.*\. Expected (?<most>\d+) arguments? but got (?<given>\d+): (?<names>.*)\.$/s,
    vi: 'thừa tham số: cần {most}, nhận {given}: {names}.',
  },
  'commander.invalidArgument': {
    en: /^option '(?<name>.*?)' argument '(?<given>.*)' is invalid\. Allowed choices are (?<names>.*)\.$/s,
    vi: "tùy chọn '{name}' không nhận giá trị '{given}'. Các giá trị được nhận: {names}.",
  },
  'commander.conflictingOption': {
    en: /^option '(?<name>.*)' cannot be used with option '(?<other>.*)'$/s,
    vi: "không dùng tùy chọn '{name}' cùng với '{other}'",
  },
};

const SUGGESTION = /\n\(Did you mean (?:one of )?(.*)\?\)$/s;

/** A mistake in the command line as the library words it, in Vietnamese; as it is where a newer library words it otherwise. */
export function mistakeInVietnamese(message: string, code: string | undefined): string {
  const mistake = MISTAKES_VI[code ?? ''];
  const [whole = '', meant] = SUGGESTION.exec(message) ?? [];
  const found = mistake?.en.exec(message.slice(0, message.length - whole.length).replace(/^error: /, ''));
  if (mistake === undefined || found?.groups === undefined) return message;
  const suggestion = meant === undefined ? '' : `\n(Có phải bạn muốn dùng ${meant}?)`;
  return `lỗi: ${fill(mistake.vi, found.groups)}${suggestion}`;
}

/** A command whose mistakes are told in one language; its inner commands speak as it does. */
export class SpokenCommand extends Command {
  readonly #language: Language;

  constructor(name: string | undefined, language: Language) {
    super(name);
    this.#language = language;
  }

  override createCommand(name?: string): SpokenCommand {
    return new SpokenCommand(name, this.#language);
  }

  override error(message: string, options?: ErrorOptions): never {
    return super.error(this.#language === 'vi' ? mistakeInVietnamese(message, options?.code) : message, options);
  }
}
