import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';

const CHANNEL = 'http2.server.stream.created';

/**
 * Raises the HTTP/2 windows of our sessions, at their first stream: Node's 64 KB (which grpc-js leaves on a server) holds a
 * stream to 64 KB a round trip. `ours` tells other HTTP/2 servers of the process apart. Returns how to stop.
 */
export function raiseWindows(bytes: number, ours: (socket: TLSSocket) => boolean): () => void {
  const seen = new WeakSet<Http2Session>();
  const onStream = (message: unknown): void => {
    const session = (message as { stream?: { session?: ServerHttp2Session } }).stream?.session;
    if (session === undefined || seen.has(session)) return;
    seen.add(session);
    if (session.encrypted !== true || session.destroyed || !ours(session.socket as TLSSocket)) return;
    session.settings({ initialWindowSize: bytes });
    session.setLocalWindowSize(bytes);
  };
  subscribe(CHANNEL, onStream);
  return () => {
    unsubscribe(CHANNEL, onStream);
  };
}
