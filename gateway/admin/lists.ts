import { randomBytes } from 'node:crypto';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import {
  GetProposalRequestSchema,
  GetProposalResponseSchema,
  ListAgenciesRequestSchema,
  ListAgenciesResponseSchema,
  ListAgreementsRequestSchema,
  ListAgreementsResponseSchema,
  ListOfficersRequestSchema,
  ListOfficersResponseSchema,
  ListProposalsRequestSchema,
  ListProposalsResponseSchema,
} from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ADMINISTRATION, mayPair } from '../acts/book.ts';
import { changedLimitMessages } from '../acts/limits.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { Composed, UnaryMethod } from '../exchange/work.ts';
import { type Agreement, agreementBytes } from '../policy/agreement.ts';
import { readAgreementBody } from '../policy/read-agreement.ts';
import { digestViolations, knownProposal } from './decide.ts';
import { issuersOf, readAgencies } from './list-agencies.ts';
import { ADMIN_SERVICE, type AdminDeps, type OfficerCall, officerWork } from './officer-call.ts';
import { listProposals, toProposal } from './proposal-store.ts';

const MOST_PROPOSALS = 200;

function answer<Desc extends DescMessage>(
  schema: Desc,
  { context }: OfficerCall,
  init: MessageInitShape<Desc>,
): Composed {
  const common = { requestId: context.requestId, blind: randomBytes(16) };
  return { payload: encodeMessage(schema, { ...common, ...init } as MessageInitShape<Desc>) };
}

export function createGetProposal(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/GetProposal`,
    read(message) {
      const request = decodeRequest(GetProposalRequestSchema, message);
      const context = checkedContext(request, digestViolations(request.digest));
      return officerWork(deps, context, async (call) => {
        const proposal = await knownProposal(deps, request.digest);
        const { body, signature } = proposal;
        const agreement = proposal.kind === 'agreement' ? readAgreementBody(body) : undefined;
        const { data } = agreement === undefined ? { data: undefined } : await deps.loadAgreements();
        const current = agreement && data?.agreements[agreement.agency]?.[agreement.purpose];
        return answer(GetProposalResponseSchema, call, {
          ...{ proposal: toProposal(proposal), body: new Uint8Array(body), signature },
          current: current === undefined ? new Uint8Array(0) : agreementBytes(current),
        });
      });
    },
  };
}

export function createListProposals(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/ListProposals`,
    read(message) {
      const request = decodeRequest(ListProposalsRequestSchema, message);
      return officerWork(deps, checkedContext(request), async (call) => {
        const proposals = await listProposals(deps.db, request.openOnly, MOST_PROPOSALS);
        return answer(ListProposalsResponseSchema, call, { proposals: proposals.map(toProposal) });
      });
    },
  };
}

const termsOf = (agreement: Agreement) => ({
  ...{ id: agreement.id, version: agreement.version, agency: agreement.agency, purpose: agreement.purpose },
  validFrom: BigInt(agreement.valid_from),
  validTo: BigInt(agreement.valid_to),
  body: agreementBytes(agreement),
});

export function createListAgreements(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/ListAgreements`,
    read(message) {
      const request = decodeRequest(ListAgreementsRequestSchema, message);
      return officerWork(deps, checkedContext(request), async (call) => {
        const { data, refused, book, signers, coming } = await deps.loadAgreements();
        const isAsked = ({ agency }: Agreement) => request.agency === '' || agency === request.agency;
        const agreements = Object.values(data.agreements)
          .flatMap((byPurpose) => Object.values(byPurpose))
          .filter(isAsked)
          .sort((a, b) => (`${a.agency} ${a.purpose}` < `${b.agency} ${b.purpose}` ? -1 : 1));
        const ignored = [...refused, ...book.refused].map(({ digest, problem }) => ({ digest, problem }));
        return answer(ListAgreementsResponseSchema, call, {
          agreements: agreements.map((agreement) => ({
            ...termsOf(agreement),
            changedLimits: changedLimitMessages(book, agreement, deps.nowSeconds()),
            standsOn: agreement.id === ADMINISTRATION ? [] : [...(signers.get(agreement.id) ?? [])],
          })),
          ignored,
          coming: coming.filter(isAsked).map(termsOf),
        });
      });
    },
  };
}

export function createListAgencies(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/ListAgencies`,
    read(message) {
      const context = checkedContext(decodeRequest(ListAgenciesRequestSchema, message));
      return officerWork(deps, context, async (call) =>
        answer(ListAgenciesResponseSchema, call, {
          agencies: await readAgencies(deps.db, call.book, deps.actsOnly),
          issuers: issuersOf(call.book),
        }),
      );
    },
  };
}

export function createListOfficers(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/ListOfficers`,
    read(message) {
      const context = checkedContext(decodeRequest(ListOfficersRequestSchema, message));
      return officerWork(deps, context, async (call) => {
        const { book } = call;
        const codes = [...book.officers.keys()].sort();
        const officers = codes.flatMap((code) => {
          const officer = book.officers.get(code);
          if (officer === undefined) return [];
          const others = codes.filter((one) => one !== code && !mayPair(book, code, one, deps.nowSeconds()));
          const { kid, certificate = '', notAfter, barred, counts } = officer;
          return {
            ...{ code, kid, certificate, barred, counts, notWith: others },
            roles: [...officer.roles],
            notAfter: BigInt(notAfter),
          };
        });
        return answer(ListOfficersResponseSchema, call, { officers });
      });
    },
  };
}
