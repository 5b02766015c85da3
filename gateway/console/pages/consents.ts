import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  type Consent,
  ConsentState,
  type ListConsentsResponse,
} from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { toBase64url } from '../../proof/bytes.ts';
import type { Names } from '../names.ts';
import type { Html } from '../visit.ts';
import { day, iso, minute } from '../when.ts';
import { fieldNames } from '../words/fields.ts';
import { fill } from '../words/fill.ts';
import { MATTERS } from '../words/matters.ts';

/** States in which something can still be withdrawn. */
const LIVE: readonly ConsentState[] = [ConsentState.IN_FORCE, ConsentState.NOT_YET, ConsentState.RESTRICTED];

/** All that the person agreed to, in force and ended. */
export function consentsPage(
  language: Language,
  { consents }: Pick<ListConsentsResponse, 'consents'>,
  names: Names,
  granted: boolean,
): Html {
  const words = MATTERS[language];
  const isOn = ({ state }: Consent) => state === ConsentState.IN_FORCE || state === ConsentState.NOT_YET;
  const list = (some: readonly Consent[]) =>
    some.length === 0
      ? html`<p>${words.none}</p>`
      : html`${some.map((consent) => consentCard(language, consent, names))}`;
  return html`<h1>${words.consentsTitle}</h1>
<p class="lead">${words.consentsLead}</p>
${granted ? html`<p class="good" role="status" tabindex="-1" autofocus>${words.granted}</p>` : ''}
<h2>${words.inForce}</h2>
${list(consents.filter(isOn))}
<h2>${words.ended}</h2>
${list(consents.filter((consent) => !isOn(consent)))}
<p class="small">${words.statute}</p>`;
}

function consentCard(language: Language, consent: Consent, names: Names): Html {
  const words = MATTERS[language];
  const { recipient, purpose, state, useQuota, uses } = consent;
  const id = toBase64url(consent.consentId);
  const who = names.agency(recipient, language);
  const used = fill(useQuota === 0 ? words.usesFree : words.usesOf, { uses, quota: useQuota });
  const act = (name: string, text: string, look = '') =>
    html`<a class="button ${look}" href="/${language}/consents/${id}/${name}">${text}<span class="unseen"> – ${who}</span></a>`;
  return html`<article class="card" aria-labelledby="c-${id}">
<div class="head"><h3 id="c-${id}">${who}</h3><span class="state ${state === ConsentState.IN_FORCE ? 'good' : ''}">${words.state[state] ?? ''}</span></div>
<dl>
<dt>${words.purpose}</dt><dd>${names.purpose(recipient, purpose, language)}</dd>
<dt>${words.fields}</dt><dd><ul>${fieldNames(consent.fields?.paths, language).map((each) => html`<li>${each}</li>`)}</ul></dd>
<dt>${words.until}</dt><dd><time datetime="${iso(consent.expiresAt)}">${day(consent.expiresAt - 1n)}</time></dd>
<dt>${words.given}</dt><dd><time datetime="${iso(consent.grantedAt)}">${minute(consent.grantedAt)}</time></dd>
<dt>${words.uses}</dt><dd>${used}</dd>
</dl>
<details><summary>${words.exactText}</summary>
<blockquote class="exact" lang="${consent.language}">${consent.textShown}</blockquote>
<p class="small">${fill(words.textVersion, { version: consent.textVersion, language: consent.language })}</p>
</details>
${
  LIVE.includes(state)
    ? html`<p class="actions">
${act('withdraw', words.withdraw, 'stop')}
${state === ConsentState.RESTRICTED ? act('lift', words.lift) : act('restrict', words.restrict)}
${act('object', words.object)}
</p>`
    : ''
}
</article>`;
}
