import type { Language } from '../../connectors/kit/messages.ts';

type Text = Readonly<Record<Language, string>>;

/** How agencies and their purposes are called. The gateway speaks in codes; who runs the page says what they mean. */
export interface NamesFile {
  /** By agency code. */
  readonly agencies: Readonly<Record<string, Text>>;
  /** By `agency/purpose`. */
  readonly purposes: Readonly<Record<string, Text>>;
}

export interface Names {
  agency(code: string, language: Language): string;
  purpose(agency: string, purpose: string, language: Language): string;
}

/** Names of the file; the bare code of what it does not name. */
export function createNames({ agencies, purposes }: NamesFile): Names {
  const find = (texts: NamesFile['agencies'], key: string) => (Object.hasOwn(texts, key) ? texts[key] : undefined);
  return {
    agency: (code, language) => find(agencies, code)?.[language] ?? code,
    purpose: (agency, purpose, language) => find(purposes, `${agency}/${purpose}`)?.[language] ?? purpose,
  };
}
