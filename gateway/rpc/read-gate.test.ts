import { Metadata, type ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { createReadGates } from './read-gate.ts';

type Next = Parameters<ServerInterceptor>[1];
type Listener = Parameters<ServerInterceptingCall['start']>[0];

/** The transport's side of a call: counts reads, and takes a sent message only when told to. */
function transport() {
  const sent: (() => void)[] = [];
  const state = { reads: 0, listener: undefined as Listener | undefined, sent };
  const call = {
    start(listener: Listener) {
      state.listener = listener;
    },
    sendMetadata() {},
    sendMessage(_message: unknown, callback: () => void) {
      sent.push(callback);
    },
    startRead() {
      state.reads += 1;
    },
  };
  return { state, call: call as unknown as Next };
}

const listener: Listener = { onReceiveMetadata() {}, onReceiveMessage() {}, onReceiveHalfClose() {}, onCancel() {} };
const method = (path: string, streams: boolean) =>
  ({ path, requestStream: streams, responseStream: streams }) as Parameters<ServerInterceptor>[0];

describe('a read gate', () => {
  it('reads once for each time it is asked, however often the stream wants to', () => {
    const { state, call } = transport();
    const gates = createReadGates(new Set(['/chunks']));
    const gated = gates.interceptor(method('/chunks', true), call);
    gated.start(listener);
    const metadata = new Metadata();
    state.listener?.onReceiveMetadata(metadata);
    const ask = gates.of(metadata);
    gated.startRead();
    gated.startRead();
    expect(state.reads).toBe(0);
    ask();
    expect(state.reads).toBe(1);
    gated.startRead();
    expect(state.reads).toBe(1);
    ask();
    ask();
    expect(state.reads).toBe(2);
    gated.startRead();
    expect(state.reads).toBe(3);
  });

  it('lets other two-way streams read only when every answer was taken', () => {
    const { state, call } = transport();
    const paced = createReadGates(new Set()).interceptor(method('/reflection', true), call);
    paced.startRead();
    expect(state.reads).toBe(1);
    paced.sendMessage('one', () => {});
    paced.sendMessage('two', () => {});
    paced.startRead();
    state.sent[0]?.();
    expect(state.reads).toBe(1);
    state.sent[1]?.();
    expect(state.reads).toBe(2);
  });

  it('leaves unary calls alone and knows no stream that it has not seen', () => {
    const { state, call } = transport();
    const gates = createReadGates(new Set(['/chunks']));
    gates.interceptor(method('/chunks', false), call).startRead();
    expect(state.reads).toBe(1);
    expect(() => gates.of(new Metadata())).toThrow('no gate');
  });
});
