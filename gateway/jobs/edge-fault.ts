import type { ChunkStream, Frame, ReceivedFrame } from '../exchange/ports.ts';
import { CallRefused } from '../exchange/refused.ts';

/** What the stream's frames or its writing threw, as it came: the edge knows what to say, or that nobody listens. */
export class EdgeFault extends Error {}

/** A client that has gone is nobody to be refused: what the write threw is the edge's own. */
export async function writeFrame(stream: ChunkStream, frame: Frame): Promise<void> {
  try {
    await stream.write(frame);
  } catch (cause) {
    throw new EdgeFault('the stream broke', { cause });
  }
}

/** Whoever is refused in the middle is to be told so: that is no fault of the edge's. */
export async function nextFrame(frames: AsyncIterator<ReceivedFrame>): Promise<ReceivedFrame | undefined> {
  try {
    const next = await frames.next();
    return next.done === true ? undefined : next.value;
  } catch (cause) {
    throw cause instanceof CallRefused ? cause : new EdgeFault('the stream broke', { cause });
  }
}

/** For whoever comes back to a stream after he waited. */
export function failIfBroken({ signal }: ChunkStream): void {
  if (signal.aborted) throw new EdgeFault('the stream broke', { cause: signal.reason });
}
