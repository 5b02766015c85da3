/** What came out of the taps of a storm, held against what was acknowledged when. */
import { type Arrival, judgeArrivals, type Silence } from './arrivals.ts';

/** Messages of connections, and how to read whom one tells of. */
export interface Came {
  readonly arrivals: readonly Arrival[];
  readonly toldOf: (message: Buffer) => readonly number[];
}

export interface WireFindings {
  /** Messages that came, each held against every acknowledgement of whom it tells of. */
  readonly came: number;
  /** What was handed to the kernel after the acknowledgement. */
  readonly handed: readonly string[];
  /** What the kernel had taken before, and was read later: listed, and not undone. */
  readonly left: readonly LeftBefore[];
  /** People of whom nothing would have been found, had all of their acknowledgements come before the storm: nobody, or it saw nothing. */
  readonly unseen: readonly number[];
}

/** A message that had been taken by the kernel, if not read, when people of whom it tells were told that nothing is on its way. */
export interface LeftBefore {
  readonly connection: number;
  /** Its last byte on the connection. */
  readonly end: number;
  readonly people: number;
  /** The most that was missing of it to whoever read it then. */
  readonly bytes: number;
}

const AT_THE_BEGINNING: Silence = { from: { connections: new Map() } };

export function judgeWire(all: readonly Came[], silences: ReadonlyMap<number, readonly Silence[]>): WireFindings {
  const judged = all.map(({ arrivals, toldOf }) => judgeArrivals(arrivals, silences, toldOf));
  const early = new Map([...silences.keys()].map((person) => [person, [AT_THE_BEGINNING]]));
  const seen = new Set(
    all.flatMap(({ arrivals, toldOf }) => judgeArrivals(arrivals, early, toldOf).handed.map(({ person }) => person)),
  );
  return {
    came: all.reduce((sum, { arrivals }) => sum + arrivals.length, 0),
    handed: judged.flatMap(({ handed }) =>
      handed.map(
        ({ person, arrival: { connection, end } }) => `of person ${person} at ${end} of connection ${connection}`,
      ),
    ),
    left: listLeft(judged.flatMap(({ left }) => left)),
    unseen: [...silences.keys()].filter((person) => !seen.has(person)),
  };
}

/** Once each message, however many people it tells of. */
function listLeft(left: ReturnType<typeof judgeArrivals>['left']): LeftBefore[] {
  const messages = new Map<Arrival, { people: Set<number>; bytes: number }>();
  for (const { person, arrival, bytes } of left) {
    const one = messages.get(arrival) ?? { people: new Set(), bytes: 0 };
    one.people.add(person);
    one.bytes = Math.max(one.bytes, bytes);
    messages.set(arrival, one);
  }
  return [...messages].map(([{ connection, end }, { people, bytes }]) => ({
    ...{ connection, end, bytes },
    people: people.size,
  }));
}
