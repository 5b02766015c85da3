/** A TCP proxy that breaks what passes through it, at a chosen byte. It reads nothing of what it carries. */
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

export interface NetworkFault {
  /**
   * - `cut`: both sides are reset.
   * - `stall`: nothing passes any more, in either direction, for `ms`; then the connection goes on.
   * - `slow`: what follows passes at `bytesPerSecond`.
   * - `half-close`: the receiving side is told that nothing more comes; the other direction goes on.
   */
  readonly kind: 'cut' | 'stall' | 'slow' | 'half-close';
  /** `up`: from whoever connected. */
  readonly direction: 'up' | 'down';
  /** Bytes in this direction, over all connections since the fault was set, before it strikes. */
  readonly afterBytes: number;
  readonly ms?: number;
  readonly bytesPerSecond?: number;
}

export interface TcpProxy {
  readonly port: number;
  /** Sets the next fault; undefined for none. Resets the counts of bytes. */
  set(fault: NetworkFault | undefined): void;
  /** True once the fault that was set has struck. */
  readonly struck: boolean;
  /** Bytes that passed since the last `set`. */
  readonly passed: { readonly up: number; readonly down: number };
  /** Refuses connections and resets those there are, or takes them again. */
  partition(apart: boolean): void;
  /** What comes over the connections of now is swallowed, and nobody is told: as by a firewall that forgot them. Later ones are carried. */
  forget(): void;
  close(): Promise<void>;
}

type Direction = NetworkFault['direction'];

export async function startTcpProxy(to: { readonly port: () => number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let fault: NetworkFault | undefined;
  let passed = { up: 0, down: 0 };
  let struck = false;
  let apart = false;

  function forward(direction: Direction, from: Socket, into: Socket): void {
    let slow: number | undefined;
    from.on('data', (bytes: Buffer) => {
      const due = fault !== undefined && fault.direction === direction ? fault : undefined;
      const before = passed[direction];
      passed[direction] += bytes.length;
      if (due === undefined || struck || passed[direction] < due.afterBytes) return void give(bytes);
      struck = true;
      const whole = Math.max(0, due.afterBytes - before);
      give(bytes.subarray(0, whole));
      strike(due, bytes.subarray(whole));
    });
    from.on('end', () => into.end());

    function give(bytes: Buffer): void {
      if (bytes.length === 0) return;
      if (slow !== undefined) {
        from.pause();
        setTimeout(() => from.resume(), (bytes.length / slow) * 1000);
      }
      if (into.write(bytes)) return;
      from.pause();
      into.once('drain', () => from.resume());
    }

    function strike({ kind, ms = 1000, bytesPerSecond = 20_000 }: NetworkFault, rest: Buffer): void {
      if (kind === 'cut') return void [from, into].map((socket) => socket.resetAndDestroy());
      if (kind === 'half-close') {
        into.end();
        // What the sender still says is swallowed, as by a peer that has shut that half.
        return void from.removeAllListeners('data').resume();
      }
      if (kind === 'slow') {
        slow = bytesPerSecond;
        give(rest);
        return;
      }
      for (const socket of [from, into]) socket.pause();
      setTimeout(() => {
        give(rest);
        for (const socket of [from, into]) socket.resume();
      }, ms).unref();
    }
  }

  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    if (apart) return void near.resetAndDestroy();
    const far = tcpConnect({ port: to.port(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        sockets.delete(socket);
        if (!other.destroyed) other.end();
      });
    }
    forward('up', near, far);
    forward('down', far, near);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  const resetAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  return {
    port,
    set(next) {
      fault = next;
      passed = { up: 0, down: 0 };
      struck = false;
    },
    get struck() {
      return struck;
    },
    get passed() {
      return passed;
    },
    partition(now) {
      apart = now;
      if (apart) resetAll();
    },
    forget() {
      for (const socket of sockets) socket.removeAllListeners('data').removeAllListeners('end').resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resetAll();
      }),
  };
}
