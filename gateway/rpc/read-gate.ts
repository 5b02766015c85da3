import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

type Listener = Parameters<ServerInterceptingCall['start']>[0];

/** Lets one more message of a stream in. */
export type Ask = () => void;

export interface ReadGates {
  readonly interceptor: ServerInterceptor;
  /** The gate of a stream, found by the metadata object that its handler was given. */
  of(metadata: Metadata): Ask;
}

/**
 * Holds the messages of two-way streams back at the socket. grpc-js reads up to 16 messages ahead of its consumer, of 8 MB
 * each if the client likes; here `gated` streams read one message for each `ask`, and all other two-way streams (reflection)
 * read the next message only when all answers so far were taken by the transport.
 */
export function createReadGates(gated: ReadonlySet<string>): ReadGates {
  const asks = new WeakMap<Metadata, Ask>();
  return {
    interceptor(method, call) {
      // A unary call needs no wrapping; grpc-js calls only the methods that both have.
      if (!method.requestStream || !method.responseStream) return call as ServerInterceptingCall;
      if (!gated.has(method.path)) return new EchoPacedCall(call);
      return new GatedCall(call, (metadata, ask) => asks.set(metadata, ask));
    },
    of(metadata) {
      const ask = asks.get(metadata);
      if (ask === undefined) throw new Error('this stream has no gate');
      return ask;
    },
  };
}

class GatedCall extends ServerInterceptingCall {
  #wanted = false;
  #asked = 0;
  readonly #announce: (metadata: Metadata, ask: Ask) => void;

  constructor(
    next: ConstructorParameters<typeof ServerInterceptingCall>[0],
    announce: (metadata: Metadata, ask: Ask) => void,
  ) {
    super(next);
    this.#announce = announce;
  }

  override start(listener: Listener): void {
    super.start({
      onReceiveMetadata: (metadata) => {
        this.#announce(metadata, () => {
          this.#asked += 1;
          this.#flow();
        });
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => listener.onCancel(),
    });
  }

  override startRead(): void {
    this.#wanted = true;
    this.#flow();
  }

  #flow(): void {
    if (!this.#wanted || this.#asked === 0) return;
    this.#wanted = false;
    this.#asked -= 1;
    super.startRead();
  }
}

class EchoPacedCall extends ServerInterceptingCall {
  #wanted = false;
  #unsent = 0;

  override sendMessage(message: unknown, callback: () => void): void {
    this.#unsent += 1;
    super.sendMessage(message, () => {
      this.#unsent -= 1;
      callback();
      this.#flow();
    });
  }

  override startRead(): void {
    this.#wanted = true;
    this.#flow();
  }

  #flow(): void {
    if (!this.#wanted || this.#unsent > 0) return;
    this.#wanted = false;
    super.startRead();
  }
}
