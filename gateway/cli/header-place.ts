import type { Language } from '../../connectors/kit/messages.ts';
import { fill } from './problem.ts';

const WORDS = {
  en: {
    one: 'The table begins on line {line}; line 1 is not read.',
    several: 'The table begins on line {line}; lines 1 to {last} are not read.',
  },
  vi: {
    one: 'Bảng bắt đầu ở dòng {line}; dòng 1 không được đọc.',
    several: 'Bảng bắt đầu ở dòng {line}; các dòng 1 đến {last} không được đọc.',
  },
} as const;

/** Where a file's table begins, where that was said of it and something stands above: a line, or none. */
export function headerPlace(headerLine: number | undefined, language: Language): string[] {
  if (headerLine === undefined || headerLine === 1) return [];
  const words = WORDS[language];
  return [
    fill(headerLine === 2 ? words.one : words.several, { line: String(headerLine), last: String(headerLine - 1) }),
  ];
}
