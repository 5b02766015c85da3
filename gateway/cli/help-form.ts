import { type Command, Help, type HelpConfiguration, type Option } from 'commander';

const HEADINGS: Readonly<Record<string, string>> = {
  'Usage:': 'Cách dùng:',
  'Arguments:': 'Tham số:',
  'Options:': 'Tùy chọn:',
  'Commands:': 'Lệnh:',
};

/** What the library puts around our descriptions in a help page; names of options and arguments stay as they are typed. */
const library = new Help();

const usageVi = (text: string): string => text.replace('[options]', '[tùy chọn]').replace('[command]', '[lệnh]');

/** A help page in Vietnamese, but for what the commands say of themselves. */
export const HELP_FORM_VI: HelpConfiguration = {
  styleTitle: (title) => HEADINGS[title] ?? title,
  commandUsage: (command: Command) => usageVi(library.commandUsage(command)),
  subcommandTerm: (command: Command) => usageVi(library.subcommandTerm(command)),
  optionDescription(option: Option) {
    const { description } = option;
    const added = library.optionDescription(option).slice(description.length);
    return description + added.replace('choices: ', 'một trong: ').replace('default: ', 'mặc định: ');
  },
};
