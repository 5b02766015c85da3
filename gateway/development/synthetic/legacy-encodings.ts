/**
 * What Vietnamese text of the 1990s encodings looks like once it was read as Latin-1: the residue that older agency files
 * still hold. TCVN 5712 (ABC fonts) has one byte a letter and no capitals with tones; VNI writes the mark after its letter.
 */
const TCVN3_PAIRS = `à µ|á ¸|ả ¶|ã ·|ạ ¹|ă ¨|ằ »|ắ ¾|ẳ ¼|ẵ ½|ặ Æ|â ©|ầ Ç|ấ Ê|ẩ È|ẫ É|ậ Ë|đ ®|è Ì|é Ð|ẻ Î|ẽ Ï|ẹ Ñ|ê ª|ề Ò|ế Õ|ể Ó|ễ Ô|ệ Ö
ì ×|í Ý|ỉ Ø|ĩ Ü|ị Þ|ò ß|ó ã|ỏ á|õ â|ọ ä|ô «|ồ å|ố è|ổ æ|ỗ ç|ộ é|ơ ¬|ờ ê|ớ í|ở ë|ỡ ì|ợ î|ù ï|ú ó|ủ ñ|ũ ò|ụ ô|ư \u00AD|ừ õ|ứ ø|ử ö|ữ ÷|ự ù
ỳ ú|ý ý|ỷ û|ỹ ü|ỵ þ|Ă ¡|Â ¢|Ê £|Ô ¤|Ơ ¥|Ư ¦|Đ §`;

const VNI_PAIRS = `à aø|á aù|ả aû|ã aõ|ạ aï|ă aê|ằ aè|ắ aé|ẳ aú|ẵ aü|ặ aë|â aâ|ầ aà|ấ aá|ẩ aå|ẫ aã|ậ aä|đ ñ|è eø|é eù|ẻ eû|ẽ eõ|ẹ eï|ê eâ|ề eà|ế eá
ể eå|ễ eã|ệ eä|ì ì|í í|ỉ æ|ĩ ó|ị ò|ò oø|ó où|ỏ oû|õ oõ|ọ oï|ô oâ|ồ oà|ố oá|ổ oå|ỗ oã|ộ oä|ơ ô|ờ ôø|ớ ôù|ở ôû|ỡ ôõ|ợ ôï|ù uø|ú uù|ủ uû|ũ uõ|ụ uï
ư ö|ừ öø|ứ öù|ử öû|ữ öõ|ự öï|ỳ yø|ý yù|ỷ yû|ỹ yõ|ỵ î`;

const pairs = (table: string): Map<string, string> =>
  new Map(
    table
      .normalize('NFC')
      .split(/[|\n]/u)
      .map((pair) => {
        const at = pair.indexOf(' ');
        return [pair.slice(0, at), pair.slice(at + 1)] as const;
      }),
  );

const TCVN3 = pairs(TCVN3_PAIRS);
const VNI = pairs(VNI_PAIRS);

/** The name as its TCVN3 bytes look in Latin-1. Capitals with a tone lose their case: the encoding has none. */
export const asTcvn3Residue = (name: string): string =>
  Array.from(name.normalize('NFC'), (letter) => TCVN3.get(letter) ?? TCVN3.get(letter.toLowerCase()) ?? letter).join(
    '',
  );

/** The name as its VNI bytes look in Latin-1. */
export const asVniResidue = (name: string): string =>
  Array.from(name.normalize('NFC'), (letter) => {
    const lower = letter.toLowerCase();
    const bytes = VNI.get(lower);
    if (bytes === undefined) return letter;
    return letter === lower ? bytes : bytes.toUpperCase();
  }).join('');
