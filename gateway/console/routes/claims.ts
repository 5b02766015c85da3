import { create, toBinary } from '@bufbuild/protobuf';
import { pathOf as methodPath } from '../../../connectors/kit/client.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { ClaimActSchema, ConsentService, MatterKind } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { pathOf, VOCABULARY } from '../../fields/vocabulary.ts';
import { newBlind } from '../acting-person.ts';
import { formIn, newForm } from '../once.ts';
import { ALL, CLAIM_NAMES, type ClaimChoice, type ClaimName, claimPage, confirmClaimPage } from '../pages/claim.ts';
import { callSigned, notice, perform, type Routes, readForm, type Signed, show, signedOnly } from '../visit.ts';
import { CLAIMS } from '../words/decisions.ts';
import { aboutOf } from './consents.ts';
import { keepReceipt } from './matters.ts';

const KINDS: Readonly<Record<ClaimName, MatterKind>> = {
  provision: MatterKind.PROVISION,
  correction: MatterKind.CORRECTION,
  deletion: MatterKind.DELETION,
};

/** A copy, a correction, a deletion: asked of the register itself. */
export const claimRoutes: Routes = (on) => {
  for (const what of CLAIM_NAMES) {
    const path = `/matters/new/${what}`;
    on(
      'GET',
      path,
      signedOnly((visit) => form(visit, what)),
    );
    on(
      'POST',
      path,
      signedOnly((visit) => confirm(visit, what)),
    );
    on(
      'POST',
      `${path}/send`,
      signedOnly((visit) => submit(visit, what)),
    );
  }
};

/** @param shown what the person chose before, where they did, and whether it is to be chosen still */
function form(
  visit: Signed,
  what: ClaimName,
  { chosen = [], problem = false }: { readonly chosen?: ClaimChoice | undefined; readonly problem?: boolean } = {},
): Response | Promise<Response> {
  const { language, session } = visit;
  const body = claimPage(language, what, { csrf: session.csrf, form: newForm(), chosen, problem });
  return show(visit, { title: CLAIMS[language][what], body, status: problem ? 400 : 200 });
}

/** What was chosen; undefined where it is nothing. */
function choiceOf(what: ClaimName, given: FormData): ClaimChoice | undefined {
  const chosen = given.getAll('field').map(String);
  if (what === 'provision' || (what === 'deletion' && chosen.includes(ALL))) return ALL;
  const ids = VOCABULARY.fields.map(({ id }) => id).filter((id) => chosen.includes(String(id)));
  return ids.length === 0 ? undefined : ids;
}

/** Shows what was chosen; nothing is asked for by one press. */
async function confirm(visit: Signed, what: ClaimName): Promise<Response> {
  const { language, session } = visit;
  const given = await readForm(visit);
  if (given === undefined) return notice(visit, 'formOld');
  const chosen = choiceOf(what, given);
  if (given.has('change')) return form(visit, what, { chosen });
  if (chosen === undefined) return form(visit, what, { problem: true });
  const body = confirmClaimPage(language, what, { csrf: session.csrf, form: newForm(), chosen });
  return show(visit, { title: CLAIMS[language][what], body });
}

async function submit(visit: Signed, what: ClaimName): Promise<Response> {
  const given = await readForm(visit);
  const name = given === undefined ? undefined : formIn(given);
  if (given === undefined || name === undefined) return notice(visit, 'formOld');
  const chosen = choiceOf(what, given);
  if (chosen === undefined) return form(visit, what, { problem: true });
  const { parts, session } = visit;
  const method = ConsentService.method.claimRight;
  const paths = chosen === ALL ? [] : chosen.map(pathOf);
  const fields = { about: aboutOf(visit), kind: KINDS[what], fields: { paths }, blind: newBlind() };
  const bytes = toBinary(ClaimActSchema, create(ClaimActSchema, fields));
  return perform(
    visit,
    [{ mth: methodPath(method), bytes, persons: [session.person] }],
    async ([signed], mine) => {
      const { receipt } = await callSigned(parts, method, signed);
      if (receipt === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_RECEIPT' });
      mine.clear();
      return keepReceipt(mine, receipt);
    },
    name,
  );
}
