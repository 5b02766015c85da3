import { create, toBinary } from '@bufbuild/protobuf';
import { pathOf } from '../../../connectors/kit/client.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import {
  ConsentService,
  GetReceiptActSchema,
  type ListConsentsResponse,
  ObjectActSchema,
  type Receipt,
  RestrictActSchema,
  WithdrawActSchema,
} from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { toBase64url } from '../../proof/bytes.ts';
import { newBlind } from '../acting-person.ts';
import { formIn, newForm } from '../once.ts';
import { confirmActPage, MATTER_ACTS, type MatterAct } from '../pages/act.ts';
import { receiptPage, receiptTitle } from '../pages/receipts.ts';
import type { SignedAct } from '../pending-acts.ts';
import type { Session } from '../session.ts';
import { callSigned, notice, perform, type Routes, readForm, type Signed, show, signedOnly } from '../visit.ts';
import { MATTERS } from '../words/matters.ts';
import { aboutOf, idOf, missing, withConsents } from './consents.ts';

/** Whom and what an act is against. */
export interface Target {
  readonly recipient: string;
  readonly purpose: string;
  /** Log entry objected to; empty where it is about no single one. */
  readonly entryId: Uint8Array;
}

/** Withdrawing, restricting, lifting, objecting; and their receipts. */
export const matterRoutes: Routes = (on) => {
  for (const act of MATTER_ACTS) {
    const path = `/consents/:id/${act}`;
    on(
      'GET',
      path,
      signedOnly((visit) => onConsent(visit, act, (target, own) => confirm(visit, act, target, own))),
    );
    on(
      'POST',
      path,
      signedOnly((visit) => submit(visit, act)),
    );
  }
  on(
    'GET',
    '/matters/:id',
    signedOnly((visit) => {
      const id = idOf(visit.context.req.param('id') ?? '');
      return id === undefined ? missing(visit) : showReceipt(visit, id);
    }),
  );
};

/** Finds the consent that the address names among the person's own. */
function onConsent(
  visit: Signed,
  act: MatterAct,
  next: (target: Target, own: string) => Response | Promise<Response>,
): Response | Promise<Response> {
  const id = visit.context.req.param('id') ?? '';
  const find = ({ consents }: ListConsentsResponse) => {
    const consent = consents.find(({ consentId }) => toBase64url(consentId) === id);
    if (consent === undefined) return missing(visit);
    return next({ ...consent, entryId: new Uint8Array() }, `/consents/${id}/${act}`);
  };
  return withConsents(visit, `/consents/${id}/${act}`, find, { anew: false });
}

/** Asks once more before anything is done. */
export function confirm(visit: Signed, act: MatterAct, target: Target, own: string): Response | Promise<Response> {
  const { parts, session, language } = visit;
  const back = `/${own.split('/')[1] ?? ''}`;
  return show(visit, {
    title: MATTERS[language][`${act}Title`],
    body: confirmActPage(language, act, {
      ...target,
      names: parts.names,
      csrf: session.csrf,
      form: newForm(),
      action: own,
      back,
    }),
  });
}

/** Does what the form confirms, by the person's signature. */
export async function submit(visit: Signed, act: MatterAct): Promise<Response> {
  const form = await readForm(visit);
  const target = form === undefined ? undefined : targetOf(form);
  const name = form === undefined ? undefined : formIn(form);
  if (target === undefined || name === undefined) return notice(visit, 'formOld');
  const { signedAct, call } = prepare(visit, act, target);
  return perform(
    visit,
    [signedAct],
    async ([signed], mine) => {
      const { receipt } = await call(signed);
      if (receipt === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_RECEIPT' });
      mine.clear();
      return keepReceipt(mine, receipt);
    },
    name,
  );
}

/** The act for the person to sign, and the call that it goes with. */
function prepare(visit: Signed, act: MatterAct, { recipient, purpose, entryId }: Target) {
  const { parts, session } = visit;
  const base = { about: aboutOf(visit), recipient, purpose, blind: newBlind() };
  const persons = [session.person];
  const { withdrawConsent, restrict, object } = ConsentService.method;
  if (act === 'withdraw') {
    const bytes = toBinary(WithdrawActSchema, create(WithdrawActSchema, base));
    const call = (signed?: SignedAct) => callSigned(parts, withdrawConsent, signed);
    return { signedAct: { mth: pathOf(withdrawConsent), bytes, persons }, call };
  }
  if (act === 'object') {
    const bytes = toBinary(ObjectActSchema, create(ObjectActSchema, { ...base, entryId }));
    const call = (signed?: SignedAct) => callSigned(parts, object, signed);
    return { signedAct: { mth: pathOf(object), bytes, persons }, call };
  }
  const bytes = toBinary(RestrictActSchema, create(RestrictActSchema, { ...base, lift: act === 'lift' }));
  const call = (signed?: SignedAct) => callSigned(parts, restrict, signed);
  return { signedAct: { mth: pathOf(restrict), bytes, persons }, call };
}

const SHOWN_MS = 10_000;
const CODE = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Whom and what the form names. The gateway judges it: nothing but the person's own is ever touched. */
function targetOf(form: FormData): Target | undefined {
  const text = (name: string) => String(form.get(name) ?? '');
  const [recipient, purpose, entry] = [text('recipient'), text('purpose'), text('entry')];
  const entryId = entry === '' ? new Uint8Array() : idOf(entry);
  if (!CODE.test(recipient) || !CODE.test(purpose) || entryId === undefined) return undefined;
  return { recipient, purpose, entryId };
}

/** Keeps a receipt to be shown; gives the path of its page. */
export function keepReceipt(kept: Session['kept'], receipt: Receipt): string {
  const id = toBase64url(receipt.receiptId);
  kept.set(`receipt ${id}`, { value: receipt, until: Date.now() + SHOWN_MS });
  return `/matters/${id}`;
}

function showReceipt(visit: Signed, receiptId: Uint8Array): Response | Promise<Response> {
  const { parts, session, language } = visit;
  const kept = session.kept.get(`receipt ${toBase64url(receiptId)}`);
  if (kept !== undefined && kept.until > Date.now()) {
    const receipt = kept.value as Receipt;
    const body = receiptPage(language, receipt, parts.names, parts.client.now());
    return show(visit, { title: receiptTitle(language, receipt), body });
  }
  const method = ConsentService.method.getReceipt;
  const fields = { about: aboutOf(visit), receiptId, blind: newBlind() };
  const bytes = toBinary(GetReceiptActSchema, create(GetReceiptActSchema, fields));
  return perform(visit, [{ mth: pathOf(method), bytes, persons: [session.person] }], async ([signed], mine) => {
    const { receipt } = await callSigned(parts, method, signed);
    if (receipt === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_RECEIPT' });
    return keepReceipt(mine, receipt);
  });
}
