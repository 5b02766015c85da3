import { readFileSync } from 'node:fs';

/** Loopback connections to gateways. */
export interface KernelQueues {
  /** At most so many bytes were given to the kernel by the gateway at this port, and not read by who connected from the other one. */
  unread(gatewayPort: number, fromPort: number): number;
}

interface Line {
  readonly local: number;
  readonly remote: number;
  readonly sending: number;
  readonly received: number;
}

function readTable(): Line[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => {
    const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => {
      const [, local = '', remote = '', , queues = ''] = line.trim().split(/\s+/);
      const port = (address: string) => Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
      const [sending = '', received = ''] = queues.split(':');
      return {
        ...{ local: port(local), remote: port(remote) },
        ...{ sending: Number.parseInt(sending, 16), received: Number.parseInt(received, 16) },
      };
    });
  });
}

/**
 * Looks at the sender's side first and then at the receiver's: a byte that moves meanwhile is counted twice, and none is left out. Nothing
 * may be read from the connections until it returns.
 */
export function readKernelQueues(): KernelQueues {
  const sending = new Map(readTable().map(({ local, remote, sending: bytes }) => [`${local} ${remote}`, bytes]));
  const received = new Map(readTable().map(({ local, remote, received: bytes }) => [`${local} ${remote}`, bytes]));
  return { unread: (to, from) => (sending.get(`${to} ${from}`) ?? 0) + (received.get(`${from} ${to}`) ?? 0) };
}
