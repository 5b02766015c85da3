/** What every method of `admin.v1` begins with: the caller is an officer who counts, and the book says so now. */
import type { KeyObject } from 'node:crypto';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { Role } from '../acts/act.ts';
import type { ActBook, BookOfficer } from '../acts/book.ts';
import { readBook, type Trust } from '../acts/read-acts.ts';
import type { LoadedAgreements } from '../agreements/store.ts';
import { aboutNobody } from '../exchange/about-nobody.ts';
import type { RowLookup } from '../exchange/lookup-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { Composed, Work } from '../exchange/work.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { WasmModule } from '../policy/wasm-module.ts';
import type { Database } from '../storage/pool.ts';

export const ADMIN_SERVICE = '/lienthong.admin.v1.AdminService';

export interface AdminDeps {
  readonly db: Database;
  readonly trust: Trust;
  /** Rows of the tables count beside what acts admitted: a development deployment's. */
  readonly actsOnly: boolean;
  /** PEM of the authorities that clients' certificates are issued by. */
  readonly ca: Uint8Array;
  readonly nowSeconds: () => number;
  /** Whom a number stands for: whoever is looked up gets a leaf. */
  readonly lookup: Pick<RowLookup, 'resolve'>;
  /** The mark of a natural person; undefined for a number that this deployment does not take. */
  readonly markPerson: (personalId: string) => string | undefined;
  /** What a rehearsal replays with: the compiled rules, and the key of the decisions sealed in the log. */
  readonly rehearsal: {
    readonly module: () => WasmModule;
    readonly decisionKey: KeyObject;
    readonly pathOf: (id: number) => string;
  };
  /** Key that what officers wrote about matters is sealed under, and what agencies may do without consent. */
  readonly matters: { readonly key: KeyObject; readonly policyData: () => PolicyData };
  readonly loadAgreements: () => Promise<LoadedAgreements>;
  /** Called when a decision is about to be committed: running gateways are to hear of it soon. */
  readonly onDecided: () => void;
}

export interface OfficerCall {
  readonly officer: BookOfficer;
  readonly book: ActBook;
  readonly context: RequestContext;
}

/** A method of officers. `answer` is given the officer who calls, by the book as it stands. */
export function officerWork(
  deps: AdminDeps,
  context: RequestContext,
  answer: (call: OfficerCall) => Promise<Composed>,
): Work {
  return aboutNobody(context, async ({ caller }) => {
    const book = await readBook(deps.db, deps.trust);
    const officer = caller.officer === undefined ? undefined : book.officers.get(caller.officer);
    // The context stands in the log and in what the officer signed: it must not name another.
    const named = context.officerCode === officer?.code;
    if (officer === undefined || !officer.counts || officer.barred || !named) throw roleMissing();
    return answer({ officer, book, context });
  });
}

export function mustHold({ officer }: OfficerCall, ...roles: readonly Role[]): void {
  if (!roles.some((role) => officer.roles.has(role))) throw roleMissing();
}

function roleMissing(): CallRefused {
  return new CallRefused(ErrorReason.ROLE_MISSING);
}
