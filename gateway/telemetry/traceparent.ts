import type { Link } from '@opentelemetry/api';

/** W3C Trace Context, version 00; later versions begin with the same fields. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const LONGEST = 128;

/**
 * A client's trace as a link, so that both sides can be found from one another; nothing where the text is none. Never as a parent:
 * the client would choose which of our calls are traced, and could hang all of them under one id.
 */
export function linksOf(traceparent: string | undefined): Link[] {
  if (traceparent === undefined || traceparent.length > LONGEST) return [];
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return [];
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true } }];
}
