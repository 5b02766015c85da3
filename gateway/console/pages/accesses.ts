import { html } from 'hono/html';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Access, AccessEntry, ListAccessesResponse } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { FieldBasis } from '../../../proto/gen/lienthong/audit/v1/decision_pb.js';
import { VOCABULARY } from '../../fields/vocabulary.ts';
import { toBase64url } from '../../proof/bytes.ts';
import type { LogTrust } from '../log-trust.ts';
import type { Names } from '../names.ts';
import type { Html } from '../visit.ts';
import { day, iso, minute } from '../when.ts';
import { ACCESSES } from '../words/accesses.ts';
import { fieldNames } from '../words/fields.ts';
import { fill } from '../words/fill.ts';
import { trustPart } from './log-trust.ts';

interface AccessFacts {
  readonly names: Names;
  readonly trust: LogTrust;
  /** Code of this page's own channel: a look by it is the person's, or of whoever represents them. */
  readonly channel: string;
  /** Whether the list is about somebody whom the person represents. */
  readonly represented: boolean;
}

/** Address of a page of the list, without the language. @param month `2026-03`; empty for all */
export function accessesPath(page: number, month: string): string {
  const query = new URLSearchParams({ ...(page > 1 && { page: String(page) }), ...(month !== '' && { month }) });
  return query.size === 0 ? '/accesses' : `/accesses?${query}`;
}

/** Who looked, a page of it. */
export function accessesPage(
  language: Language,
  view: ListAccessesResponse,
  facts: AccessFacts & { readonly page: number; readonly month: string },
): Html {
  const words = ACCESSES[language];
  const { accesses, delayed, delayedUntil, unlinkedOn } = view;
  const position = String(view.logPosition);
  const wasUnlinked = unlinkedOn !== 0n;
  const none = facts.month !== '' ? words.noneThen : wasUnlinked ? words.noneSince : words.none;
  return html`<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
${wasUnlinked ? html`<p>${fill(words.unlinkedOn, { day: day(unlinkedOn) })}</p>` : ''}
<p>${fill(words.complete, { position, time: at(view.completeUntilMs) })} ${delayed === 0 ? words.noneDelayed : fill(words.delayed, { n: delayed, time: minute(delayedUntil) })}</p>
${monthForm(language, facts.month)}
${accesses.length === 0 ? html`<p>${none}</p>` : accesses.map((access) => accessCard(language, access, facts))}
<p class="actions">${facts.page === 1 ? '' : html`<a class="button" href="/${language}${accessesPath(facts.page - 1, facts.month)}">${words.newer}</a>`}
${view.nextPageToken.length === 0 ? '' : html`<a class="button" href="/${language}${accessesPath(facts.page + 1, facts.month)}">${words.older}</a>`}</p>
${trustPart(language, facts.trust)}`;
}

/** What was typed is no month. */
export function wrongMonthPage(language: Language, typed: string): Html {
  const words = ACCESSES[language];
  return html`<h1>${words.title}</h1>
<p class="error" role="alert" id="problem" tabindex="-1" autofocus>${words.monthWrong}</p>
${monthForm(language, typed, true)}
<p class="actions"><a class="button" href="/${language}/accesses">${words.allMonths}</a></p>`;
}

/** Browsers without a picker of months show a box for text: what it takes is said, and more than that is taken. */
function monthForm(language: Language, value: string, isWrong = false): Html {
  const words = ACCESSES[language];
  return html`<form method="get" action="/${language}/accesses">
<p><label class="above" for="month">${words.month}</label>
<span class="small above" id="month-form">${words.monthForm}</span>
<input type="month" id="month" name="month" value="${value}" ${isWrong ? html`aria-invalid="true" aria-describedby="problem month-form"` : html`aria-describedby="month-form"`}> <button>${words.showMonth}</button></p>
</form>`;
}

/** One line whole: each of its uses with the proof. */
export function accessPage(language: Language, access: Access, facts: AccessFacts): Html {
  const words = ACCESSES[language];
  return html`<h1>${agencyName(access, language, facts.names)}</h1>
<div class="card">${accessFacts(language, access, facts)}</div>
<h2>${words.entries}</h2>
<ul class="entries">${access.entries.map((entry) => html`<li class="card">${entryProof(language, access, entry)}</li>`)}</ul>
<p class="small">${words.without}</p>
<pre><code>npx lienthong proof check FILE --log-key log-key.pub.pem --origin ${facts.trust.origin}</code></pre>
${trustPart(language, facts.trust)}`;
}

function accessCard(language: Language, access: Access, facts: AccessFacts): Html {
  const words = ACCESSES[language];
  const newest = access.entries[0];
  const id = toBase64url(newest?.entryId ?? new Uint8Array());
  const who = agencyName(access, language, facts.names);
  const isOwn = access.agency === facts.channel;
  const ownText = facts.represented ? words.ownOf : words.own;
  const own = html`<span class="unseen"> – ${who}, ${at(access.lastMs)}</span>`;
  return html`<article class="card" aria-labelledby="a-${id}">
<div class="head"><h2 class="point" id="a-${id}">${who}</h2><span class="state">${isOwn ? ownText : (words.outcome[access.outcome] ?? '')}</span></div>
${accessFacts(language, access, facts)}
<p class="actions">
${newest === undefined ? '' : checkButton(language, access, newest)}
<a class="button" href="/${language}/accesses/${id}">${words.details}${own}</a>
${isOwn ? '' : html`<a class="button" href="/${language}/accesses/${id}/object">${words.object}${own}</a>`}
</p>
<p class="result" role="status"></p>
</article>`;
}

function accessFacts(language: Language, access: Access, { names, channel }: AccessFacts): Html {
  const words = ACCESSES[language];
  const row = (name: string, value: Html | string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  const optional = (name: string, value: string) => (value === '' ? '' : row(name, value));
  const fields = (paths: readonly string[] | undefined, name: string) =>
    paths === undefined || paths.length === 0
      ? ''
      : row(name, html`<ul>${fieldNames(paths, language).map((each) => html`<li>${each}</li>`)}</ul>`);
  const when =
    access.times > 1
      ? fill(words.from, { first: at(access.firstMs), last: at(access.lastMs), n: access.times })
      : html`<time datetime="${iso(access.lastMs / 1000n)}">${at(access.lastMs)}</time>`;
  // Nobody's officer looks by this page.
  const officer = access.agency === channel ? new Uint8Array() : access.officerPseudonym;
  return html`${access.unproven ? html`<p class="warning">${words.unproven}</p>` : ''}<dl>
${row(words.when, when)}
${row(words.purpose, names.purpose(access.agency, access.purpose, language))}
${access.basis === FieldBasis.UNSPECIFIED ? '' : row(words.basis, words.bases[access.basis] ?? '')}
${fields(access.released?.paths, words.released)}
${fields(access.compared?.paths, words.compared)}
${optional(words.unit, access.unitCode)}
${officer.length === 0 ? '' : row(words.officer, fill(words.officerText, { code: toBase64url(officer.subarray(0, 6)) }))}
${optional(words.service, access.serviceCode)}
${optional(words.case, access.caseRef)}
</dl>
${access.jobId.length === 0 ? '' : html`<p class="small">${fill(words.job, { job: toBase64url(access.jobId) })}</p>`}`;
}

function entryProof(language: Language, access: Access, entry: AccessEntry): Html {
  const words = ACCESSES[language];
  const id = toBase64url(entry.entryId);
  const name = fill(words.entry, { position: String(entry.logPosition), time: at(entry.timeMs) });
  if (entry.proof.length === 0) return html`<p><b>${name}</b></p><p>${words.unlinked}</p>`;
  return html`<p><b>${name}</b><br><code>${id}</code></p>
<p class="actions">${checkButton(language, access, entry)}
<a class="button" href="/${language}/accesses/${id}/proof">${words.download}<span class="unseen"> – ${name}</span></a></p>
<p class="result" role="status"></p>`;
}

/** Shown by the script alone. What the line says goes along, for the proof to be held against. */
function checkButton(language: Language, access: Access, entry: AccessEntry): Html {
  if (entry.proof.length === 0) return html``;
  const words = ACCESSES[language];
  const place = access.entries.length === 1 ? 'only' : entry === access.entries[0] ? 'newest' : 'older';
  return html`<button class="first" hidden data-proof="${toBase64url(entry.proof)}" data-entry="${toBase64url(entry.entryId)}" data-agency="${access.agency}" data-purpose="${access.purpose}" data-time="${String(entry.timeMs)}" data-outcome="${access.outcome}" data-basis="${access.basis}" data-place="${place}" ${idsOf('released', access.released?.paths)} ${idsOf('compared', access.compared?.paths)}>${words.check}<span class="unseen"> – ${at(entry.timeMs)}</span></button>`;
}

/** Fields of a line by id. Of one that this page does not know it cannot say whether the proof means the same: nothing is said then. */
function idsOf(name: string, paths: readonly string[] = []): Html {
  const ids = paths.map((path) => VOCABULARY.byPath.get(path)?.id);
  return ids.includes(undefined) ? html`` : html`data-${name}="${ids.join('.')}"`;
}

export function agencyName({ agency, agencyVi, agencyEn }: Access, language: Language, names: Names): string {
  return (language === 'vi' ? agencyVi : agencyEn) || names.agency(agency, language);
}

function at(milliseconds: bigint): string {
  return minute(milliseconds / 1000n);
}
