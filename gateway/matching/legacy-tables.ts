/**
 * The encodings of Vietnamese before Unicode, as their bytes look when they are read as Latin-1 (windows-1252 for VPS).
 * Character i of a table stands for letter i of `LETTERS`. Checked against each other in the tests of this folder.
 */

/** The 67 marked small letters. */
export const LETTERS = 'áàảãạâấầẩẫậăắằẳẵặđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ';

/** TCVN 5712:1993, the ABC fonts: toned capitals have no code of their own. */
export const TCVN3 = '¸µ¶·¹©ÊÇÈÉË¨¾»¼½Æ®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\u00adøõö÷ùýúûüþ';
/** The seven capitals that TCVN3 has, each with its code. */
export const TCVN3_CAPITALS = 'Â¢Ă¡Đ§Ê£Ô¤Ơ¥Ư¦';

/** VISCII (RFC 1456), small letters and capitals. */
export const VISCII = 'áàäãÕâ¤¥¦ç§å¡¢ÆÇ£ðéèë¨©êª«¬\u00ad®íìïî¸óòöõ÷ô¯°±²µ½¾¶·ÞþúùüûøßÑ×ØæñýÏÖÛÜ';
export const VISCII_CAPITALS =
  'ÁÀÄÃ\u0080Â\u0084\u0085\u0086\u0006\u0087Å\u0081\u0082\u0002\u0005\u0083ÐÉÈË\u0088\u0089Ê\u008a\u008b\u008c\u008d\u008eÍÌ\u009bÎ\u0098ÓÒ\u0099\u00a0\u009aÔ\u008f\u0090\u0091\u0092\u0093´\u0095\u0096\u0097³\u0094ÚÙ\u009c\u009d\u009e¿º»¼ÿ¹Ý\u009f\u0014\u0019\u001e';

/** VPS, small letters and capitals. */
export const VPS = 'áàäãåâÃÀÄÅÆæ¡¢£¤¥ÇéèÈëËê‰Š‹ÍŒíìÌïÎóòÕõ†ôÓÒ°‡¶Ö§©ª«®úùûÛøÜÙØº»¿šÿ›Ïœ';
export const VPS_CAPITALS = 'Á€�‚åÂƒ„…ÅÆˆ�Ž�ð¥ñÉ×ÞþËÊ�“”•Œ´µ·¸Î¹¼½¾†Ô–—˜™¶÷�žŸ¦®Ú¨Ñ¬øÐ\u00ad¯±»¿Ý²ý³œ';

/** VNI: a mark of its own behind the vowel, 12 letters alone. Letters are parted by a blank, in the order of `LETTERS`. */
export const VNI =
  'aù aø aû aõ aï aâ aá aà aå aã aä aê aé aè aú aü aë ñ eù eø eû eõ eï eâ eá eà eå eã eä í ì æ ó ò où oø oû oõ oï oâ oá oà oå oã oä ô ôù ôø ôû ôõ ôï uù uø uû uõ uï ö öù öø öû öõ öï yù yø yû yõ î';

/** Bytes of windows-1258 that mean something else in windows-1252, as the latter shows them. */
export const CP1258 = 'ÃĂãăÐĐðđÕƠõơÝƯýưÌ\u0300ì\u0301Þ\u0303þ₫Ò\u0309ò\u0323';

/** Windows-1252 from 0x80; a point where it has no sign. */
export const HIGH_1252 = '€·‚ƒ„…†‡ˆ‰Š‹Œ·Ž··‘’“”•–—˜™š›œ·žŸ';
