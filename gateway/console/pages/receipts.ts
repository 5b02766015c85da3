import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  type LegalClock,
  MatterKind,
  MatterState,
  type Receipt,
} from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { toBase64url } from '../../proof/bytes.ts';
import type { Names } from '../names.ts';
import type { Html } from '../visit.ts';
import { iso, minute } from '../when.ts';
import { fieldName } from '../words/fields.ts';
import { fill } from '../words/fill.ts';
import { MATTERS } from '../words/matters.ts';

/** What the person withdrew, restricted or objected to. */
export function mattersPage(language: Language, receipts: readonly Receipt[], names: Names, now: number): Html {
  const words = MATTERS[language];
  return html`<h1>${words.mattersTitle}</h1>
<p class="lead">${words.mattersLead}</p>
${
  receipts.length === 0
    ? html`<p>${words.noMatters}</p>`
    : receipts.map((receipt) => {
        const id = toBase64url(receipt.receiptId);
        const who = names.agency(receipt.recipient, language);
        return html`<article class="card" aria-labelledby="r-${id}">
<div class="head"><h2 class="point" id="r-${id}"><a href="/${language}/matters/${id}">${words.kind[receipt.kind] ?? ''} – ${who}</a></h2>${stateOf(language, receipt)}</div>
<dl>
<dt>${words.purpose}</dt><dd>${names.purpose(receipt.recipient, receipt.purpose, language)}</dd>
<dt>${words.recordedAt}</dt><dd>${time(receipt.recordedAt)}</dd>
</dl>
${clocks(language, receipt.clocks, now)}
</article>`;
      })
}`;
}

/** One receipt whole: what was done, what goes on all the same, and until when the law gives time. */
export function receiptPage(language: Language, receipt: Receipt, names: Names, now: number): Html {
  const words = MATTERS[language];
  const { recipient, purpose, continuing } = receipt;
  return html`<h1>${words.receiptTitle}: ${words.kind[receipt.kind] ?? ''}</h1>
<p class="${receipt.state === MatterState.ACKNOWLEDGED ? 'good' : 'warning'}" role="status">${receipt.state === MatterState.ACKNOWLEDGED ? words.acknowledged : words.recorded}</p>
<dl class="card">
<dt>${words.recipient}</dt><dd>${names.agency(recipient, language)}</dd>
<dt>${words.purpose}</dt><dd>${names.purpose(recipient, purpose, language)}</dd>
<dt>${words.recordedAt}</dt><dd>${time(receipt.recordedAt)}</dd>
${receipt.acknowledgedAt === 0n ? '' : html`<dt>${words.acknowledgedAt}</dt><dd>${time(receipt.acknowledgedAt)}</dd>`}
<dt>${words.entry}</dt><dd><code>${toBase64url(receipt.entryId)}</code></dd>
</dl>
${clocks(language, receipt.clocks, now)}
${receipt.kind === MatterKind.LIFTING ? '' : goesOn(language, continuing, names)}
<p class="actions"><a class="button" href="/${language}/matters">${words.mattersTitle}</a></p>`;
}

function goesOn(language: Language, uses: Receipt['continuing'], names: Names): Html {
  const words = MATTERS[language];
  if (uses.length === 0) return html`<h2>${words.continuing}</h2><p>${words.nothingContinues}</p>`;
  const isBasis = (name: string): name is keyof typeof words.basis => Object.hasOwn(words.basis, name);
  return html`<h2>${words.continuing}</h2>
<p>${words.continuingText}</p>
<ul>${uses.map(
    ({ agency, purpose, fields, basis }) =>
      html`<li>${names.agency(agency, language)}: ${names.purpose(agency, purpose, language)} (${isBasis(basis) ? words.basis[basis] : basis}): ${(
        fields?.paths ?? []
      )
        .map((path) => fieldName(path, language))
        .join(', ')}</li>`,
  )}</ul>`;
}

function clocks(language: Language, list: readonly LegalClock[], now: number): Html {
  const words = MATTERS[language];
  if (list.length === 0) return html``;
  return html`<p class="small">${words.clocks}</p>
<ul class="plain">${list.map(({ kind, dueAt, extendedDueAt, metAt }) => {
    const parts = [fill(words.due, { time: minute(dueAt) })];
    if (metAt !== 0n) return html`<li>${words.clock[kind] ?? ''}: ${fill(words.met, { time: minute(metAt) })}</li>`;
    if (extendedDueAt !== 0n) parts.push(fill(words.extended, { time: minute(extendedDueAt) }));
    parts.push(Number(dueAt) <= now ? words.overdue : words.running);
    return html`<li>${words.clock[kind] ?? ''}: ${parts.join('; ')}</li>`;
  })}</ul>`;
}

function stateOf(language: Language, { state, acknowledgedAt }: Receipt): Html {
  const words = MATTERS[language];
  if (state !== MatterState.ACKNOWLEDGED) return html`<span class="state">${words.running}</span>`;
  return html`<span class="state good">${fill(words.met, { time: minute(acknowledgedAt) })}</span>`;
}

function time(unixSeconds: bigint): Html {
  return html`<time datetime="${iso(unixSeconds)}">${minute(unixSeconds)}</time>`;
}
