/** What left a gateway, held against the moments from which nothing of a person was to leave. */

/** A message as it came, each connection with a number of its own. */
export interface Arrival {
  readonly connection: number;
  readonly message: Buffer;
  /** Bytes of the connection, as they were on the wire, up to and with the message's last. */
  readonly end: number;
}

/** How far each connection was at one moment; those that are not in it were made later. */
export interface Moment {
  readonly connections: ReadonlyMap<number, Progress>;
}

export interface Progress {
  /** Bytes that had come. */
  readonly read: number;
  /** At most so many had been taken by the kernel, those that had come included. */
  readonly accepted: number;
}

/** From an acknowledgement until the person gave back what was taken, if ever. */
export interface Silence {
  readonly from: Moment;
  until?: Moment;
}

export interface ArrivalFindings {
  /** Messages that told of people, and were handed to the kernel when nothing of them was to leave any more. */
  readonly handed: readonly Told[];
  /** What the kernel had taken before, and came later; of `bytes` bytes up to the message's last. */
  readonly left: readonly (Told & { readonly bytes: number })[];
}

interface Told {
  readonly person: number;
  readonly arrival: Arrival;
}

const NOTHING: Progress = { read: 0, accepted: 0 };

/** @param toldOf the people whom a message tells something of */
export function judgeArrivals(
  arrivals: readonly Arrival[],
  silences: ReadonlyMap<number, readonly Silence[]>,
  toldOf: (message: Buffer) => readonly number[],
): ArrivalFindings {
  const handed: ArrivalFindings['handed'][number][] = [];
  const left: ArrivalFindings['left'][number][] = [];
  for (const arrival of arrivals) {
    const { connection, end } = arrival;
    for (const person of toldOf(arrival.message)) {
      for (const { from, until } of silences.get(person) ?? []) {
        const { read, accepted } = from.connections.get(connection) ?? NOTHING;
        // What came before it was given back was handed before; what came later may have been handed later.
        const over = until === undefined ? Infinity : (until.connections.get(connection) ?? NOTHING).read;
        if (end > over) continue;
        if (end > accepted) handed.push({ person, arrival });
        else if (end > read) left.push({ person, arrival, bytes: end - read });
      }
    }
  }
  return { handed, left };
}
