/** The part of a structured logger that the edge needs. Fields are closed codes, method paths and counts: never a message's content. */
export interface RpcLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
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
