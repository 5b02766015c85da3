import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';

/** The part of a structured logger that the edge needs. Fields are closed codes, method paths and counts: never a message's content. */
export interface RpcLog {
  /** A line a call: only where the operator asked for that much. */
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the line at the end of a call says. */
export function endFields(method: string, requestId: string, startedAt: number, reason?: ErrorReason): object {
  const ms = Math.round(performance.now() - startedAt);
  return { method, request_id: requestId, ms, reason: reason === undefined ? 'OK' : ErrorReason[reason] };
}

const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** A fault without its message, which may quote a value: class, code and the places in the source. */
export function faultFields(fault: unknown): { fault: string; code?: string; at?: string[] } {
  if (!(fault instanceof Error)) return { fault: typeof fault };
  const code: unknown = 'code' in fault ? fault.code : undefined;
  const at = fault.stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  return {
    fault: fault.constructor.name,
    ...(typeof code === 'string' && CODE.test(code) && { code }),
    ...(at !== undefined && { at: at.slice(0, 8).map((line) => line.trim()) }),
  };
}
