import type { MessageInitShape } from '@bufbuild/protobuf';
import { AccessOutcome, type AccessSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { FieldBasis } from '../../proto/gen/lienthong/audit/v1/decision_pb.js';
import type { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { pathOf } from '../fields/vocabulary.ts';
import { outcomeOfLeaf } from '../proof/browser/as-line.ts';
import { BASES } from '../proof/person-body.ts';
import type { AccessLine } from './list-accesses.ts';

/** Uses that a line names one by one. */
export const MOST_NAMED = 20;

const BASIS_OF: Readonly<Record<number, FieldBasis>> = {
  [BASES.none]: FieldBasis.UNSPECIFIED,
  [BASES.statute]: FieldBasis.STATUTE,
  [BASES.consent]: FieldBasis.CONSENT,
  [BASES.agreement]: FieldBasis.AGREEMENT,
  [BASES.emergency]: FieldBasis.EMERGENCY,
};

export interface AgencyName {
  readonly vi: string;
  readonly en: string;
}

/** A line as the person is shown it. @param proofs by position of the entry */
export function accessMessage(
  line: AccessLine,
  name: AgencyName | undefined,
  proofs: ReadonlyMap<number, Uint8Array>,
): MessageInitShape<typeof AccessSchema> {
  const { entry } = line;
  const { context } = entry;
  return {
    entries: line.entries.slice(0, MOST_NAMED).map(({ position, entryId, timeMs }) => ({
      ...{ entryId, logPosition: BigInt(position), timeMs: BigInt(timeMs) },
      ...(proofs.has(position) && { proof: proofs.get(position) as Uint8Array }),
    })),
    firstMs: BigInt(line.firstMs),
    lastMs: BigInt(line.lastMs),
    times: line.times,
    agency: entry.agency,
    agencyVi: name?.vi ?? '',
    agencyEn: name?.en ?? '',
    unitCode: context?.unitCode ?? '',
    officerPseudonym: entry.officerPseudonym,
    method: entry.method,
    purpose: context?.purpose ?? '',
    serviceCode: context?.serviceCode ?? '',
    caseRef: context?.caseRef ?? '',
    basis: BASIS_OF[line.basis] ?? FieldBasis.UNSPECIFIED,
    outcome: outcomeOf(line),
    released: { paths: line.released.map(pathOf) },
    compared: { paths: line.compared.map(pathOf) },
    refusal: entry.refusalReason as ErrorReason,
    jobId: entry.jobId,
    unproven: line.unproven,
  };
}

export function outcomeOf({
  outcome,
  released,
  entry,
}: Pick<AccessLine, 'outcome' | 'released' | 'entry'>): AccessOutcome {
  return entry.refusalReason === 0 ? outcomeOfLeaf(outcome, released) : AccessOutcome.REFUSED;
}
