import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  type LegalClock,
  type MatterDecision,
  MatterKind,
  MatterState,
  type Receipt,
} from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { toBase64url } from '../../proof/bytes.ts';
import type { Names } from '../names.ts';
import type { Html } from '../visit.ts';
import { iso, minute } from '../when.ts';
import { CLAIMS, OUTCOMES, REASONS } from '../words/decisions.ts';
import { fieldNames } from '../words/fields.ts';
import { fill } from '../words/fill.ts';
import { MATTERS } from '../words/matters.ts';
import { claimLinks } from './claim.ts';

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
        const who = whoOf(language, receipt, names);
        return html`<article class="card" aria-labelledby="r-${id}">
<div class="head"><h2 class="point" id="r-${id}"><a href="/${language}/matters/${id}">${words.kind[receipt.kind] ?? ''} – ${who}</a></h2>${stateOf(language, receipt)}</div>
<dl>
${whatOf(language, receipt, names)}
<dt>${words.recordedAt}</dt><dd>${time(receipt.recordedAt)}</dd>
</dl>
${clocks(language, receipt.clocks, now)}
</article>`;
      })
}
${claimLinks(language)}`;
}

/** One receipt whole: what was done, what goes on all the same, and until when the law gives time. */
export function receiptPage(language: Language, receipt: Receipt, names: Names, now: number): Html {
  const words = MATTERS[language];
  const { recipient, continuing } = receipt;
  return html`<h1>${receiptTitle(language, receipt)}</h1>
<p class="${receipt.state === MatterState.ACKNOWLEDGED ? 'good' : 'warning'}" role="status" tabindex="-1" autofocus>${statusOf(language, receipt)}</p>
<dl class="card">
<dt>${words.recipient}</dt><dd>${whoOf(language, receipt, names)}</dd>
${whatOf(language, receipt, names)}
<dt>${words.recordedAt}</dt><dd>${time(receipt.recordedAt)}</dd>
${receipt.acknowledgedAt === 0n ? '' : html`<dt>${words.acknowledgedAt}</dt><dd>${time(receipt.acknowledgedAt)}</dd>`}
<dt>${CLAIMS[language].number}</dt><dd><code>${toBase64url(receipt.receiptId)}</code></dd>
<dt>${words.entry}</dt><dd>${receipt.entryId.length === 0 ? words.entryUnlinked : html`<code>${toBase64url(receipt.entryId)}</code>`}</dd>
</dl>
${answersOf(language, receipt)}
${clocks(language, receipt.clocks, now)}
${receipt.kind === MatterKind.LIFTING || recipient === '' ? '' : goesOn(language, continuing, names)}
<p class="actions"><a class="button" href="/${language}/matters">${words.mattersTitle}</a></p>`;
}

/** What it is a receipt of, as the page's title says it too: that is heard first. */
export function receiptTitle(language: Language, { kind }: Pick<Receipt, 'kind'>): string {
  const words = MATTERS[language];
  return `${words.receiptTitle}: ${words.kind[kind] ?? ''}`;
}

function goesOn(language: Language, uses: Receipt['continuing'], names: Names): Html {
  const words = MATTERS[language];
  if (uses.length === 0) return html`<h2>${words.continuing}</h2><p>${words.nothingContinues}</p>`;
  const isBasis = (name: string): name is keyof typeof words.basis => Object.hasOwn(words.basis, name);
  return html`<h2>${words.continuing}</h2>
<p>${words.continuingText}</p>
<ul>${uses.map(
    ({ agency, purpose, fields, basis }) =>
      html`<li>${names.agency(agency, language)}: ${names.purpose(agency, purpose, language)} (${isBasis(basis) ? words.basis[basis] : basis}): ${fieldNames(fields?.paths, language).join(', ')}</li>`,
  )}</ul>`;
}

function clocks(language: Language, list: readonly LegalClock[], now: number): Html {
  const words = MATTERS[language];
  if (list.length === 0) return html``;
  return html`<p class="small">${words.clocks}</p>
<ul class="plain">${list.map(({ kind, dueAt, extendedDueAt, metAt, extended }) => {
    if (metAt !== 0n) return html`<li>${words.clock[kind] ?? ''}: ${fill(words.met, { time: minute(metAt) })}</li>`;
    const end = extended ? extendedDueAt : dueAt;
    const parts = [fill(extended ? CLAIMS[language].longer : words.due, { time: minute(end) })];
    if (!extended && extendedDueAt !== 0n) parts.push(fill(words.extended, { time: minute(extendedDueAt) }));
    parts.push(Number(end) <= now ? words.overdue : words.running);
    return html`<li>${words.clock[kind] ?? ''}: ${parts.join('; ')}</li>`;
  })}</ul>`;
}

/** Whom it is against; what was asked of the register itself has no recipient. */
function whoOf(language: Language, { recipient }: Receipt, names: Names): string {
  return recipient === '' ? CLAIMS[language].register : names.agency(recipient, language);
}

function whatOf(language: Language, { recipient, purpose, fields }: Receipt, names: Names): Html {
  const words = CLAIMS[language];
  if (recipient !== '') {
    return html`<dt>${MATTERS[language].purpose}</dt><dd>${names.purpose(recipient, purpose, language)}</dd>`;
  }
  const paths = fields?.paths ?? [];
  return html`<dt>${words.about}</dt><dd>${paths.length === 0 ? words.everything : fieldNames(paths, language).join(', ')}</dd>`;
}

function statusOf(language: Language, { kind, recipient, state, decision }: Receipt): string {
  const words = MATTERS[language];
  if (decision !== undefined) return CLAIMS[language].decided;
  // What stands on the law goes on while an objection waits for its decision: it is not done by having stopped the rest.
  const waits = recipient === '' || (kind === MatterKind.OBJECTION && state === MatterState.ACKNOWLEDGED);
  if (waits) return CLAIMS[language].received;
  return state === MatterState.ACKNOWLEDGED ? words.acknowledged : words.recorded;
}

/** What officers said: that it takes longer, and what they decided; each with its reason. */
function answersOf(language: Language, { extension, decision }: Receipt): Html {
  const words = CLAIMS[language];
  const said = (one: Pick<MatterDecision, 'reason' | 'citation' | 'textVi' | 'textEn'>) =>
    html`<dt>${words.reason}</dt><dd>${REASONS[one.reason][language]}</dd>
${one.citation === '' ? '' : html`<dt>${words.citation}</dt><dd>${one.citation}</dd>`}
</dl>
<blockquote class="exact">${language === 'vi' ? one.textVi : one.textEn}</blockquote>`;
  return html`${
    extension === undefined
      ? ''
      : html`<h2>${words.extension}</h2>
<dl class="card"><dt>${words.extendedAt}</dt><dd>${time(extension.extendedAt)}</dd>
${said(extension)}`
  }
${
  decision === undefined
    ? ''
    : html`<h2>${words.decision}</h2>
<dl class="card"><dt>${words.decision}</dt><dd>${OUTCOMES[decision.outcome][language]}</dd>
<dt>${words.decidedAt}</dt><dd>${time(decision.decidedAt)}</dd>
${said(decision)}`
}`;
}

/** Done once each of its periods has ended with what it is for; what an officer decides is running until then. */
function stateOf(language: Language, { state, acknowledgedAt, clocks: all, decision }: Receipt): Html {
  const words = MATTERS[language];
  if (decision !== undefined) return html`<span class="state good">${CLAIMS[language].decided}</span>`;
  const running = state !== MatterState.ACKNOWLEDGED || all.some(({ metAt }) => metAt === 0n);
  if (running) return html`<span class="state">${words.running}</span>`;
  return html`<span class="state good">${fill(words.met, { time: minute(acknowledgedAt) })}</span>`;
}

function time(unixSeconds: bigint): Html {
  return html`<time datetime="${iso(unixSeconds)}">${minute(unixSeconds)}</time>`;
}
