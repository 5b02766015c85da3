import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { refuse } from '../errors/refuse.ts';
import type { Caller, createAuthenticate } from './authenticate.ts';
import type { OpenPort } from './ports.ts';
import { CallRefused } from './refused.ts';

/** A method that needs a known certificate and no signature: it tells nothing of people. */
export interface OpenMethod {
  /** "/package.Service/Method". */
  readonly path: string;
  answer(caller: Caller, message: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

export interface OpenExchangeDeps {
  readonly authenticate: ReturnType<typeof createAuthenticate>;
  readonly methods: readonly OpenMethod[];
  readonly isStorageFault: (error: unknown) => boolean;
  readonly onFault: (error: unknown, method: string) => void;
}

export function createOpenExchange(deps: OpenExchangeDeps): OpenPort {
  const methods = new Map(deps.methods.map((method) => [method.path, method]));
  return async ({ method: path, message, peer }) => {
    try {
      const { caller } = deps.authenticate(peer);
      const method = methods.get(path);
      if (method === undefined) throw new CallRefused(ErrorReason.BAD_REQUEST);
      return { message: await method.answer(caller, message) };
    } catch (error) {
      if (error instanceof CallRefused) return { refusal: refuse(error.reason, error.facts) };
      if (deps.isStorageFault(error))
        return { refusal: refuse(ErrorReason.STORAGE_UNAVAILABLE, { retryAfterMs: 1000 }) };
      deps.onFault(error, path);
      return { refusal: refuse(ErrorReason.INTERNAL) };
    }
  };
}
