import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import { toBase64url } from '../../proof/bytes.ts';
import type { Names } from '../names.ts';
import type { Html } from '../visit.ts';
import { fill } from '../words/fill.ts';
import { MATTERS } from '../words/matters.ts';

export const MATTER_ACTS = ['withdraw', 'restrict', 'lift', 'object'] as const;
export type MatterAct = (typeof MATTER_ACTS)[number];

/** Says what will happen, and asks once. */
export function confirmActPage(
  language: Language,
  act: MatterAct,
  facts: {
    readonly recipient: string;
    readonly purpose: string;
    readonly names: Names;
    /** Log entry objected to; empty where it is about no single one. */
    readonly entryId: Uint8Array;
    readonly csrf: string;
    readonly form: string;
    /** Of the form, and of the page one comes from, without the language. */
    readonly action: string;
    readonly back: string;
  },
): Html {
  const words = MATTERS[language];
  const { recipient, purpose, names } = facts;
  const who = names.agency(recipient, language);
  const what = names.purpose(recipient, purpose, language);
  return html`<h1>${words[`${act}Title`]}</h1>
<p class="lead">${fill(words[`${act}Lead`], { who, what })}</p>
<p>${words[`${act}Effect`]}</p>
<form method="post" action="/${language}${facts.action}">
<input type="hidden" name="csrf" value="${facts.csrf}">
<input type="hidden" name="form" value="${facts.form}">
<input type="hidden" name="recipient" value="${recipient}">
<input type="hidden" name="purpose" value="${purpose}">
<input type="hidden" name="entry" value="${toBase64url(facts.entryId)}">
<p class="actions"><button class="${act === 'lift' ? 'first' : 'stop'}">${words[`${act}Confirm`]}</button>
<a class="button" href="/${language}${facts.back}">${words.keep}</a></p>
</form>`;
}
