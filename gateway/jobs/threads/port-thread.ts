import type { MessagePort, Transferable } from 'node:worker_threads';
import type { Thread } from './chunk-threads.ts';

/**
 * A matching thread as one of those who give it work sees it: over a channel of its own, so that several can. It has exited when its
 * end of the channel is gone; what it died of is told where it was started, and giving it up ends the channel only.
 */
export function threadOver(port: MessagePort): Thread {
  const events = { message: 'message', exit: 'close', error: 'messageerror' } as const;
  return {
    postMessage: (request, transfer = []) => port.postMessage(request, transfer as readonly Transferable[]),
    on: (event: keyof typeof events, listener: (...args: never[]) => void) =>
      port.on(events[event], listener as (...args: unknown[]) => void),
    async terminate() {
      port.close();
    },
  };
}
