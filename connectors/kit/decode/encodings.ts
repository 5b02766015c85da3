/** The encodings that a whole file may be in: closed, each with the name that people know it by. */
export const ENCODINGS = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16 (big endian)',
  tcvn3: 'TCVN3 (ABC)',
  vni: 'VNI',
  'windows-1258': 'Windows-1258',
  viscii: 'VISCII',
  'windows-1252': 'Windows-1252',
} as const;

export type Encoding = keyof typeof ENCODINGS;
/** Encodings in which line ends, separators and digits are the bytes of ASCII; UTF-16 is turned into UTF-8 first. */
export type ByteEncoding = Exclude<Encoding, 'utf-16le' | 'utf-16be'>;

/** Other names of the same, folded as `parseEncoding` folds. */
const ALIASES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  ascii: 'utf-8',
  utf16: 'utf-16le',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  unicode: 'utf-16le',
  tcvn: 'tcvn3',
  tcvn3: 'tcvn3',
  tcvn5712: 'tcvn3',
  abc: 'tcvn3',
  vni: 'vni',
  vniwindows: 'vni',
  windows1258: 'windows-1258',
  cp1258: 'windows-1258',
  viscii: 'viscii',
  windows1252: 'windows-1252',
  cp1252: 'windows-1252',
  latin1: 'windows-1252',
  iso88591: 'windows-1252',
};

/** An encoding by any of its names, in any case and punctuation; undefined for a name that is none. */
export function parseEncoding(text: string): Encoding | undefined {
  const name = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
}

export function isUtf16(encoding: Encoding): encoding is 'utf-16le' | 'utf-16be' {
  return encoding === 'utf-16le' || encoding === 'utf-16be';
}
