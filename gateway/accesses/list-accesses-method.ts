/** AuditService.ListAccesses: signed and decided like every call about a person, and asked by the person's own act. */
import { type KeyObject, randomBytes } from 'node:crypto';
import { ListAccessesRequestSchema, ListAccessesResponseSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { AssuranceLevel } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { type ActingDeps, byTheirAct, verifyActing } from '../acting/acting-person.ts';
import { lookedAt } from '../acting/own-look.ts';
import { mustBeAssured, subjectOf } from '../acting/subject.ts';
import type { AccessProofs } from '../audit/access-proof.ts';
import { aboutNobody } from '../exchange/about-nobody.ts';
import type { RowLookup } from '../exchange/lookup-port.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { readRecords } from '../register/records-of.ts';
import type { Database } from '../storage/pool.ts';
import { type AgencyName, accessMessage, MOST_NAMED } from './access-message.ts';
import { type AccessQuery, readQuery, writeToken } from './access-query.ts';
import { readIndexState } from './index-state.ts';
import { accessKeys } from './keys.ts';
import { type AccessLine, LIST_ACCESSES, type ListAsked, listAccesses } from './list-accesses.ts';
import { readUnlinked } from './unlinked-day.ts';

export interface ListAccessesDeps {
  readonly db: Database;
  readonly evidence: KeyObject;
  readonly acting: ActingDeps;
  readonly lookup: Pick<RowLookup, 'resolve'>;
  readonly proofs: AccessProofs;
  /** Names of agencies as they are now; undefined for one that is not known any more. */
  readonly nameOf: (agency: string) => AgencyName | undefined | Promise<AgencyName | undefined>;
  readonly nowSeconds: () => number;
  /** By the officers' acts as they stand now: a key may be said to have been lost long after it asked. */
  readonly counts: ListAsked['counts'];
}

export function createListAccesses(deps: ListAccessesDeps): UnaryMethod {
  const { db, lookup, nowSeconds, counts } = deps;
  const keys = accessKeys(deps.evidence);

  return {
    path: LIST_ACCESSES,
    read(message) {
      const request = decodeRequest(ListAccessesRequestSchema, message);
      const query = readQuery(request.act);
      const context = checkedContext(request, 'violations' in query ? [...query.violations] : []);
      // A context that breaks no rule leaves none of the act's.
      const asked = query as AccessQuery;
      return aboutNobody(context, async ({ caller }) => {
        const { act, persons } = request;
        const acting = verifyActing({ method: LIST_ACCESSES, agency: caller.agency, act, persons }, deps.acting);
        // An account that was opened from afar is not sure enough for all that is known of a life.
        mustBeAssured(acting, AssuranceLevel.TWO);
        const { personNo, people } = await lookedAt(lookup, subjectOf(acting, asked.about, 'any'));
        const now = nowSeconds();
        // Before the list: what is said of the time is then true of the list as well.
        const { behindSeconds } = await readIndexState(db);
        const personNos = await readRecords(db, personNo);
        const list = await listAccesses(db, keys, { personNos, now, at: asked.page?.at, counts });
        const wanted = list.lines.filter((line) => isWanted(line, asked));
        const page = wanted.slice(0, asked.pageSize);
        const last = page.at(-1)?.entries[0];
        const most = provenOf(page.map(({ entries }) => entries.length));
        const accesses = [];
        for (const line of page) {
          const proofs = asked.withProofs ? await prove(deps.proofs, line, { personNos, most }) : new Map();
          accesses.push(accessMessage(line, await deps.nameOf(line.entry.agency), proofs));
        }
        const payload = encodeMessage(ListAccessesResponseSchema, {
          requestId: context.requestId,
          blind: randomBytes(16),
          accesses,
          logPosition: BigInt(list.position),
          completeUntilMs: BigInt(Math.floor((now - behindSeconds) * 1000)),
          delayed: list.delayed,
          delayedUntil: BigInt(list.delayedUntil),
          unlinkedOn: BigInt(await readUnlinked(db, personNos)),
          ...(wanted.length > page.length && last !== undefined
            ? { nextPageToken: writeToken({ at: list.position, before: last.position }) }
            : {}),
        });
        return { payload, people, ...byTheirAct(acting) };
      });
    },
  };
}

function isWanted({ entries, firstMs, lastMs }: AccessLine, { page, from, until, entryId }: AccessQuery): boolean {
  const position = entries[0]?.position ?? 0;
  if (page !== undefined && position >= page.before) return false;
  if (lastMs < from || firstMs >= until) return false;
  return entryId === undefined || entries.some((entry) => Buffer.compare(entry.entryId, entryId) === 0);
}

/** Each takes a read of all leaves of its entry: those of a page of jobs, twenty chunks each, would be too late for whoever asked. */
const MOST_PROOFS = 200;

/** Uses of each line that are proven, of lines with so many: all that are named, where those are not too many together. */
export function provenOf(uses: readonly number[]): number {
  for (let each = MOST_NAMED; each > 1; each--) {
    if (uses.reduce((sum, one) => sum + Math.min(one, each), 0) <= MOST_PROOFS) return each;
  }
  return 1;
}

async function prove(
  proofs: AccessProofs,
  line: AccessLine,
  { personNos, most }: { readonly personNos: readonly number[]; readonly most: number },
): Promise<ReadonlyMap<number, Uint8Array>> {
  const made = new Map<number, Uint8Array>();
  for (const { position, entryId } of line.entries.slice(0, most)) {
    for (const personNo of personNos) {
      const proof = await proofs.prove(entryId, personNo);
      if (proof === undefined) continue;
      made.set(position, proof);
      break;
    }
  }
  return made;
}
