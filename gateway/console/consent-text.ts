import type { Language } from '../../connectors/kit/messages.ts';
import type { RepresentedPerson } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { pathOf } from '../fields/vocabulary.ts';
import type { ConsentRequest } from './consent-order.ts';
import type { Names } from './names.ts';
import { day } from './when.ts';
import { fieldName } from './words/fields.ts';
import { lastDigits } from './words/fill.ts';
import { MATTERS } from './words/matters.ts';

/** Rises with every change of a sentence below or of a field's name in it: it stands in each artefact beside the text itself. */
export const TEXT_VERSION = 'citizen-page-3';

/** The text that a form brings back; browsers send line feeds as two signs. */
export function textIn(form: FormData): string {
  return String(form.get('text') ?? '').replaceAll('\r\n', '\n');
}

/**
 * The text that the person agrees to, as it is shown, signed and kept: about whom where that is not the person, who, what, for
 * what, until when, and that it can be taken back. Lines are separated by line feeds.
 */
export function consentText(
  {
    recipient,
    purpose,
    fieldIds,
    uses,
    represented,
  }: Omit<ConsentRequest, 'days'> & {
    readonly represented: Pick<RepresentedPerson, 'personalId' | 'relation'> | undefined;
  },
  { expiresAt, names, language }: { readonly expiresAt: number; readonly names: Names; readonly language: Language },
): string {
  const who = names.agency(recipient, language);
  const what = names.purpose(recipient, purpose, language);
  const fields = fieldIds.map((id) => `– ${fieldName(pathOf(id), language)}`);
  // The last day on which it counts, not the first on which it no longer does.
  const until = day(expiresAt - 1);
  const whose =
    represented === undefined
      ? undefined
      : `${MATTERS[language].relation[represented.relation] ?? ''}, ${lastDigits(represented.personalId)}`;
  if (language === 'vi') {
    return [
      ...(whose === undefined ? [] : [`Thông tin của người được đại diện: ${whose}.`]),
      `Tôi đồng ý để ${who} sử dụng, qua Cơ sở dữ liệu quốc gia về dân cư, những thông tin sau${whose === undefined ? '' : ' của người đó'}:`,
      ...fields,
      `Chỉ cho một mục đích: ${what}.`,
      `Đến hết ngày ${until}${uses === 0 ? '' : `, nhiều nhất ${uses} lần`}.`,
      'Tôi có thể rút lại bất cứ lúc nào; việc rút lại không ảnh hưởng đến những lần sử dụng trước đó.',
    ].join('\n');
  }
  return [
    ...(whose === undefined ? [] : [`Information of a represented person: ${whose}.`]),
    `I agree that ${who} uses, through the National Population Database, the following information${whose === undefined ? '' : ' of that person'}:`,
    ...fields,
    `For one purpose only: ${what}.`,
    `Up to and including ${until}${uses === 0 ? '' : `, ${uses} times at most`}.`,
    'I can withdraw at any time; withdrawing does not affect uses before that.',
  ].join('\n');
}
