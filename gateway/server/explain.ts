/** "With my certificate, for this purpose, what would I get?" Answered by the policy itself, about nobody. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  type ExplainedFieldSchema,
  ExplainRequestSchema,
  ExplainResponseSchema,
} from '../../proto/gen/lienthong/server/v1/server_pb.js';
import type { OpenMethod } from '../exchange/open-exchange.ts';
import { CallRefused } from '../exchange/refused.ts';
import { decodeRequest, encodeMessage } from '../exchange/request.ts';
import { canonicalJson } from '../signing/canonical-json.ts';

type Use = 'match' | 'release';

/** The part of an agreement that its agency is told here. */
export interface ExplainedAgreement {
  readonly purpose: string;
  readonly citation: string;
  readonly demands: readonly string[];
  readonly fields: Readonly<
    Record<string, { readonly use: readonly string[]; readonly basis: string; readonly article?: string }>
  >;
}

/** The part of a decision that is told. */
export interface ExplainedDecision {
  readonly allow: boolean;
  readonly reason: string;
  readonly fields: readonly { readonly id: number; readonly use: string; readonly basis: string }[];
  readonly refused: readonly { readonly id: number; readonly use: string; readonly reason: string }[];
  readonly grants: Readonly<Record<string, boolean>>;
  readonly strictness: string;
  readonly agreement: { readonly id: string; readonly version: number };
}

export interface ExplainDeps {
  readonly agreementsOf: (agency: string) => readonly ExplainedAgreement[];
  /** Asks the policy as a call would be, for all of these fields and both uses, taking what is granted. */
  readonly explain: (asked: {
    readonly agency: string;
    readonly legalEntity: string;
    readonly certificate: string;
    readonly purpose: string;
    readonly method: string;
    /** Filled in, so that the rest can be told though the caller has named none. */
    readonly demands: readonly string[];
    readonly ids: readonly number[];
  }) => ExplainedDecision;
  readonly vocabulary: readonly { readonly id: number; readonly path: string; readonly sensitive: boolean }[];
}

const METHOD = /^\/[A-Za-z][\w.]{0,127}\/[A-Za-z]\w{0,63}$/;
const PURPOSE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const MOST_PATHS = 256;

export function createExplain({ agreementsOf, explain, vocabulary }: ExplainDeps): OpenMethod {
  const known = new Set(vocabulary.map(({ path }) => path));
  return {
    path: '/lienthong.server.v1.ServerService/Explain',
    answer(caller, message) {
      const { purpose, method, paths } = decodeRequest(ExplainRequestSchema, message);
      const wrong = (field: string, rule: 'FORMAT' | 'TOO_MANY' | 'UNKNOWN_PATH') =>
        new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field, rule }] });
      if (!PURPOSE.test(purpose)) throw wrong('purpose', 'FORMAT');
      if (!METHOD.test(method)) throw wrong('method', 'FORMAT');
      if (paths.length > MOST_PATHS) throw wrong('paths', 'TOO_MANY');
      const unknown = paths.findIndex((path) => !known.has(path));
      if (unknown >= 0) throw wrong(`paths[${unknown}]`, 'UNKNOWN_PATH');
      const asked = paths.length === 0 ? vocabulary : vocabulary.filter(({ path }) => paths.includes(path));
      const agreement = agreementsOf(caller.agency).find((one) => one.purpose === purpose);
      const decision = explain({
        ...{ agency: caller.agency, legalEntity: caller.legalEntity, certificate: caller.certificate, purpose, method },
        ...{ demands: agreement?.demands ?? [], ids: asked.map(({ id }) => id) },
      });
      const { id, version } = decision.agreement;
      const judged = agreement !== undefined && version > 0;
      return encodeMessage(ExplainResponseSchema, {
        ...{ allowed: decision.allow, reason: decision.reason },
        agreement: version === 0 ? '' : `${id}:${version}`,
        citation: judged ? agreement.citation : '',
        demands: judged ? [...agreement.demands] : [],
        grants: Object.entries(decision.grants).flatMap(([name, granted]) => (granted ? [name] : [])),
        strictness: judged ? decision.strictness : '',
        fields: asked.map((field) => fieldOf(field, decision, agreement)),
        purposes: judged ? [] : agreementsOf(caller.agency).map((one) => one.purpose),
      });
    },
  };
}

function fieldOf(
  { id, path, sensitive }: ExplainDeps['vocabulary'][number],
  { fields, refused, reason, allow }: ExplainedDecision,
  agreement: ExplainedAgreement | undefined,
): MessageInitShape<typeof ExplainedFieldSchema> {
  const granted = (use: Use) => fields.find((field) => field.id === id && field.use === use);
  const [match, release] = [granted('match'), granted('release')];
  const basis = match?.basis ?? release?.basis ?? '';
  const told = refused.find((field) => field.id === id)?.reason ?? (allow ? '' : reason);
  const both = match !== undefined && release !== undefined;
  const own = agreement?.fields[String(id)];
  return {
    ...{ path, match: match !== undefined, release: release !== undefined, basis, sensitive },
    article: basis === '' ? '' : (own?.article ?? ''),
    refused: both ? '' : told,
    wanted: both ? '' : wantedOf(id, own),
  };
}

/** A member of `fields` that grants both uses: on the basis that is agreed already, else by statute, whose article whoever asks names. */
function wantedOf(id: number, own: ExplainedAgreement['fields'][string] | undefined): string {
  const member = { use: ['match', 'release'], basis: own?.basis ?? 'statute', article: own?.article ?? '…' };
  return `"${id}":${canonicalJson(member)}`;
}
