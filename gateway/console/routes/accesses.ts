import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { pathOf } from '../../../connectors/kit/client.ts';
import {
  type Access,
  AuditService,
  ListAccessesActSchema,
  type ListAccessesResponse,
} from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { toBase64url } from '../../proof/bytes.ts';
import { newBlind } from '../acting-person.ts';
import { accessesPage, accessesPath, accessPage, agencyName, wrongMonthPage } from '../pages/accesses.ts';
import { callSigned, perform, type Routes, type Signed, show, signedOnly } from '../visit.ts';
import { monthOf, readMonth } from '../when.ts';
import { ACCESSES } from '../words/accesses.ts';
import { aboutOf, idOf, missing } from './consents.ts';
import { confirm, submit } from './matters.ts';

/** How long an answer is shown before it is asked for again. */
const SHOWN_MS = 60_000;
/** As many as the contract gives with proofs. */
const PAGE_SIZE = 50;
const MOST_PAGES = 1_000;

/** Who looked, line by line, with proofs; objecting to one line. */
export const accessRoutes: Routes = (on) => {
  on(
    'GET',
    '/accesses',
    signedOnly((visit) => {
      const text = visit.context.req.query('page') ?? '1';
      const page = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      if (page < 1 || page > MOST_PAGES) return missing(visit);
      const typed = visit.context.req.query('month') ?? '';
      const month = typed.trim() === '' ? '' : readMonth(typed);
      return month === undefined ? wrongMonth(visit, typed) : showPage(visit, page, month);
    }),
  );
  on(
    'GET',
    '/accesses/:entry',
    signedOnly((visit) =>
      withAccess(visit, '', async (access) => {
        const { language, parts } = visit;
        const body = accessPage(language, access, await factsOf(visit));
        return show(visit, { title: agencyName(access, language, parts.names), body, scripts: ['check-proof'] });
      }),
    ),
  );
  on(
    'GET',
    '/accesses/:entry/proof',
    signedOnly((visit) =>
      withAccess(visit, '/proof', (access) => {
        const id = visit.context.req.param('entry') ?? '';
        const entry = access.entries.find(({ entryId }) => toBase64url(entryId) === id);
        if (entry === undefined || entry.proof.length === 0) return missing(visit);
        return visit.context.body(Uint8Array.from(entry.proof), 200, {
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': `attachment; filename="lienthong-proof-${id}.binpb"`,
        });
      }),
    ),
  );
  on(
    'GET',
    '/accesses/:entry/object',
    signedOnly((visit) =>
      withAccess(visit, '/object', ({ agency, purpose }, entryId) => {
        const own = `/accesses/${toBase64url(entryId)}/object`;
        return confirm(visit, 'object', { recipient: agency, purpose, entryId }, own);
      }),
    ),
  );
  on(
    'POST',
    '/accesses/:entry/object',
    signedOnly((visit) => submit(visit, 'object')),
  );
};

/** All months are not shown instead: they would be taken for the one that was asked for. */
function wrongMonth(visit: Signed, typed: string): Response | Promise<Response> {
  const { language } = visit;
  return show(visit, { title: ACCESSES[language].title, body: wrongMonthPage(language, typed), status: 400 });
}

/** @param month of which looks are wanted, `2026-03`; empty for all */
async function showPage(visit: Signed, page: number, month: string): Promise<Response> {
  const { session, language } = visit;
  const within = monthOf(month);
  const path = accessesPath(page, month);
  const kept = session.kept.get(path);
  if (kept !== undefined && kept.until > Date.now() && kept.shown !== true) {
    kept.shown = true;
    const view = kept.value as ListAccessesResponse;
    const body = accessesPage(language, view, { ...(await factsOf(visit)), page, month });
    return show(visit, { title: ACCESSES[language].title, body, scripts: ['check-proof'] });
  }
  // The token is told by the page before; it stands in the session and in no address.
  const token = page === 1 ? new Uint8Array() : session.kept.get(`token ${path}`)?.value;
  if (!(token instanceof Uint8Array)) return showPage(visit, 1, month);
  const bounds = within === undefined ? {} : { from: BigInt(within.from), until: BigInt(within.until) };
  return ask(visit, { ...bounds, pageSize: PAGE_SIZE, pageToken: token, withProofs: true }, path, (view, mine) => {
    const { nextPageToken } = view;
    if (nextPageToken.length > 0)
      mine.set(`token ${accessesPath(page + 1, month)}`, keep(nextPageToken, session.endsAt));
    return view;
  });
}

async function factsOf({ parts, session }: Signed) {
  const { names, agency: channel } = parts;
  return { names, channel, trust: await parts.logTrust(), represented: session.about !== undefined };
}

/** The line that the address names. */
async function withAccess(
  visit: Signed,
  rest: string,
  page: (access: Access, entryId: Uint8Array) => Response | Promise<Response>,
): Promise<Response> {
  const { session } = visit;
  const entryId = idOf(visit.context.req.param('entry') ?? '');
  if (entryId === undefined) return missing(visit);
  const name = `access ${toBase64url(entryId)}`;
  const kept = session.kept.get(name);
  // A file is that of the line which was read, however long the reading took: asking again would be a page and no file.
  if (kept !== undefined && (kept.until > Date.now() || rest === '/proof')) {
    const access = kept.value as Access | undefined;
    return access === undefined ? missing(visit) : page(access, entryId);
  }
  const path = `/accesses/${toBase64url(entryId)}${rest}`;
  return ask(visit, { entryId, withProofs: true }, path, ({ accesses }) => accesses[0], name);
}

function keep(value: unknown, until = Date.now() + SHOWN_MS) {
  return { value, until };
}

function ask(
  visit: Signed,
  fields: MessageInitShape<typeof ListAccessesActSchema>,
  path: string,
  take: (view: ListAccessesResponse, kept: Signed['session']['kept']) => unknown,
  name = path,
): Promise<Response> {
  const { session, parts } = visit;
  const method = AuditService.method.listAccesses;
  const act = create(ListAccessesActSchema, { ...fields, about: aboutOf(visit), blind: newBlind() });
  const bytes = toBinary(ListAccessesActSchema, act);
  return perform(visit, [{ mth: pathOf(method), bytes, persons: [session.person] }], async ([signed], mine) => {
    mine.set(name, keep(take(await callSigned(parts, method, signed), mine)));
    return path;
  });
}
