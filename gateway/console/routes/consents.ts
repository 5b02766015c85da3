import { create, toBinary } from '@bufbuild/protobuf';
import { pathOf } from '../../../connectors/kit/client.ts';
import {
  ConsentService,
  ListConsentsActSchema,
  type ListConsentsResponse,
} from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { fromBase64url } from '../../proof/bytes.ts';
import { newBlind } from '../acting-person.ts';
import { consentsPage } from '../pages/consents.ts';
import { overviewPage } from '../pages/home.ts';
import { mattersPage } from '../pages/receipts.ts';
import { callSigned, notice, perform, type Routes, type Signed, show, signedOnly } from '../visit.ts';
import { FRAME } from '../words/frame.ts';
import { MATTERS } from '../words/matters.ts';

/** How long an answer is shown before it is asked for again. */
const SHOWN_MS = 30_000;

/** The person's consents and what became of them. */
export const consentRoutes: Routes = (on) => {
  on(
    'GET',
    '/consents',
    signedOnly((visit) =>
      withConsents(visit, '/consents', (view) => {
        const granted = visit.session.kept.delete('granted');
        const body = consentsPage(visit.language, view, visit.parts.names, granted);
        return show(visit, { title: MATTERS[visit.language].consentsTitle, body });
      }),
    ),
  );
  on(
    'GET',
    '/matters',
    signedOnly((visit) =>
      withConsents(visit, '/matters', ({ receipts }) => {
        const body = mattersPage(visit.language, receipts, visit.parts.names, visit.parts.client.now());
        return show(visit, { title: MATTERS[visit.language].mattersTitle, body });
      }),
    ),
  );
};

/** The first page of whoever is signed in. */
export function overview(visit: Signed): Response | Promise<Response> {
  const { person, about, csrf } = visit.session;
  return withConsents(visit, '/', (view) => {
    const body = overviewPage(visit.language, { person, about, view, csrf });
    return show(visit, { title: FRAME[visit.language].homeNow, body });
  });
}

/** ID of the represented person whom the pages are about; empty for the person. As acts say it. */
export function aboutOf({ session }: Signed): string {
  return session.about === undefined ? '' : (session.person.about.represented[session.about]?.personalId ?? '');
}

/**
 * Shows what the person's consents are. They are asked for where that was not done a moment ago, which takes the person's
 * signature, and then the page is called again.
 *
 * @param anew false where what was shown a moment ago will do
 */
export function withConsents(
  visit: Signed,
  path: string,
  page: (view: ListConsentsResponse) => Response | Promise<Response>,
  { anew }: { readonly anew: boolean } = { anew: true },
): Response | Promise<Response> {
  const { session, parts } = visit;
  const kept = session.kept.get('consents');
  if (kept !== undefined && kept.until > Date.now() && !(anew && kept.shown === true)) {
    kept.shown = true;
    return page(kept.value as ListConsentsResponse);
  }
  const method = ConsentService.method.listConsents;
  const act = toBinary(
    ListConsentsActSchema,
    create(ListConsentsActSchema, { about: aboutOf(visit), blind: newBlind() }),
  );
  return perform(visit, [{ mth: pathOf(method), bytes: act, persons: [session.person] }], async ([signed], mine) => {
    const message = await callSigned(parts, method, signed);
    mine.set('consents', { value: message, until: Date.now() + SHOWN_MS });
    return path;
  });
}

/** 16 bytes of a name in an address; undefined where it is none. */
export function idOf(text: string): Uint8Array | undefined {
  try {
    return fromBase64url(text, 'address', 16);
  } catch {
    return undefined;
  }
}

export function missing(visit: Signed): Response | Promise<Response> {
  return notice(visit, 'notFound');
}
