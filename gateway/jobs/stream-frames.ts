import type { ChunkStream, Frame } from '../exchange/ports.ts';

/** What the stream's frames or its writing threw, as it came. */
export class EdgeFault extends Error {}

/** A client that has gone is nobody to be refused: what the write threw is the edge's own. */
export async function writeFrame(stream: ChunkStream, frame: Frame): Promise<void> {
  try {
    await stream.write(frame);
  } catch (cause) {
    throw new EdgeFault('the stream broke', { cause });
  }
}

export async function nextFrame(frames: AsyncIterator<Frame>): Promise<Frame | undefined> {
  try {
    const next = await frames.next();
    return next.done === true ? undefined : next.value;
  } catch (cause) {
    throw new EdgeFault('the stream broke', { cause });
  }
}
