import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';

/** Name of a job's state as people and ErrorInfo's metadata read it. Example: `PAUSED`. */
export function jobStateName(state: JobState): string {
  return JobState[state];
}
