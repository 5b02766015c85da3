/**
 * UTF-8 that was read by the code page of another system (`Nguy·ªÖn` by a Macintosh's, `Nguyß╗àn` by a console's,
 * `Nguyб»…n` by a Cyrillic one). Total, linear, pure.
 */

/** Code page 437 from 0x80; the others are asked of the platform, which does not know this one. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const HIGH = Uint8Array.from({ length: 128 }, (_, at) => 0x80 + at);
const highHalf = (label: string): string => new TextDecoder(label).decode(HIGH);

/** How the first bytes of Vietnamese letters show in a page: 0xc3, 0xc4, 0xc6, or 0xe1 and one of 0xba and 0xbb. */
function pageOf(signs: string): {
  readonly leads: string;
  readonly lead: RegExp;
  readonly bytes: ReadonlyMap<string, number>;
} {
  const sign = (byte: number): string => signs.charAt(byte - 0x80);
  const two = [0xc3, 0xc4, 0xc6].map(sign).join('');
  const lead = new RegExp(`[${two}][^\\0-\\u007f]|${sign(0xe1)}[${sign(0xba)}${sign(0xbb)}]`);
  return { leads: two + sign(0xe1), lead, bytes: new Map(Array.from(signs, (one, at) => [one, 0x80 + at])) };
}

const PAGES = [pageOf(CP437), pageOf(highHalf('macintosh')), pageOf(highHalf('windows-1251'))];
/** The first bytes as all of the pages show them: most texts hold none, and need not be asked for each page. */
const LEADS = new RegExp(`[${PAGES.map(({ leads }) => leads).join('')}]`);
const STRICT = new TextDecoder('utf-8', { fatal: true });

/** The texts as UTF-8, of which nothing is lost; empty where none of the pages could have shown it so. */
export function rereadElsewhere(text: string): string[] {
  if (!LEADS.test(text)) return [];
  return PAGES.flatMap(({ lead, bytes }) => {
    if (!lead.test(text)) return [];
    const read: number[] = [];
    for (const sign of text) {
      const code = sign.charCodeAt(0);
      const byte = code < 0x80 ? code : bytes.get(sign);
      if (byte === undefined) return [];
      read.push(byte);
    }
    try {
      return [STRICT.decode(Uint8Array.from(read))];
    } catch {
      return [];
    }
  });
}
