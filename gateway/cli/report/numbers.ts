import type { Language } from '../../../connectors/kit/messages.ts';

/** Numbers as the language groups them. */
export function numbers(language: Language): (value: number) => string {
  return (value) => value.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-US');
}
