/** What a gateway that does not come to listen says, and the exit code that a service acts on. */
import { ConfigError } from '../config/config-error.ts';
import { DeploymentMismatch } from '../config/deployment-stamp.ts';
import { StorageError } from '../storage/errors.ts';
import { isPortTaken } from './port-problem.ts';

export interface FailedStart {
  /** 2: somebody has to change something; 5: it may be otherwise by itself; 1: anything else. */
  readonly code: 1 | 2 | 5;
  /** Our own errors are free of data; of others only the class is told. */
  readonly message: string;
  /** What to do. */
  readonly next: string;
}

/** @param faultFields what may be said of an error that is not ours */
export function failedStart(error: unknown, faultFields: (error: unknown) => object): FailedStart {
  if (error instanceof ConfigError) {
    const { message } = error;
    if (isPortTaken(error)) return { code: 5, message, next: 'End the other process, or name another port.' };
    return { code: 2, message, next: 'Mend the member that is named, and start again.' };
  }
  if (error instanceof DeploymentMismatch)
    return { code: 2, message: error.message, next: 'Name the database of this deployment in database.url.' };
  if (error instanceof StorageError) {
    const { message } = error;
    if (error.kind === 'unavailable')
      return { code: 5, message, next: 'Check that the database runs at the address of database.url.' };
    if (error.kind === 'denied') return { code: 2, message, next: DENIED };
    if (error.kind === 'untrusted') return { code: 2, message, next: UNTRUSTED };
    return { code: 1, message, next: UNFORESEEN };
  }
  return { code: 1, message: JSON.stringify(faultFields(error)), next: UNFORESEEN };
}

const DENIED =
  'Check user, password and database of database.url; the user must be a member of the role lienthong_worker, and the schema migrated.';
const UNTRUSTED =
  'Check that the server has TLS, that its certificate is valid and names the host of database.url, and that sslrootcert is its authority.';
const UNFORESEEN = 'Start again; if it stays, give this line to the makers of lienthong.';
