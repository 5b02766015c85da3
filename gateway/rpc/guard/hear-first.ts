import type { ServerHttp2Stream } from 'node:http2';

/**
 * Hears a stream's data before whoever serves it does, and no sooner: a listener set as the stream begins would set it
 * flowing, and what is here already then goes by before grpc-js, which is told of the stream a turn later, listens.
 */
export function hearFirst(stream: ServerHttp2Stream, hear: (data: Buffer) => void): void {
  let listens = false;
  const follow = (event: string | symbol): void => {
    if (event !== 'data' || listens) return;
    listens = true;
    stream.off('newListener', follow);
    stream.on('data', hear);
  };
  stream.on('newListener', follow);
}
