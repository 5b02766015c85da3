import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  DateOrder,
  type StartJobRequest,
  StartJobRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import type { FileProfile } from '../matching/index.ts';
import { unseal } from '../sealing/seal.ts';
import type { JobRow } from './job-store.ts';

/** The StartJobRequest that opened a job. @throws {CallRefused} INTERNAL where it does not open: the keys are not those it was sealed with */
export function openingOf(job: JobRow, key: KeyObject): StartJobRequest {
  const plain = unseal(key, job.jobId, job.opening);
  if (plain === undefined) throw new CallRefused(ErrorReason.INTERNAL);
  return fromBinary(StartJobRequestSchema, plain);
}

/** What the client's first pass learnt, as the matcher takes it: it enables listed repairs of reading, nothing else. */
export function habitsOf(opening: StartJobRequest): FileProfile {
  return {
    dateOrder: opening.fileProfile?.dateOrder === DateOrder.MONTH_FIRST ? 'month-first' : 'day-first',
    newYearMeansUnknown: opening.fileProfile?.newYearMeansUnknown ?? false,
    nameWidth: opening.fileProfile?.nameWidth ?? 0,
    daysFrom1904: opening.fileProfile?.daysFrom1904 ?? false,
  };
}
