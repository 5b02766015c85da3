/** What the status tells of a gateway's metrics. */
export interface ScrapedGateway {
  /** `unknown` where the text says none. */
  readonly state: string;
  readonly callsInFlight: number;
  readonly chunksInFlight: number;
  readonly appendQueue: number;
  readonly lookupQueue: number;
  readonly headWaitingSeconds: number;
  /** Rules lie on its disk that it does not take. */
  readonly rulesRefused: boolean;
  readonly keysRefused: boolean;
}

/** Why there are none: they cannot be read, or nobody listens there, so that the gateway does not run. */
export type Unscraped = 'away' | 'gone';

const STATE = /^lienthong_state\{state="([a-z_]{1,20})"\} 1$/m;

/** Reads the text of a scrape; what it does not say is 0. */
export function readScrape(text: string): ScrapedGateway {
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    state: STATE.exec(text)?.[1] ?? 'unknown',
    callsInFlight: figure('lienthong_calls_in_flight'),
    chunksInFlight: figure('lienthong_chunks_in_flight'),
    appendQueue: figure('lienthong_append_queue_items'),
    lookupQueue: figure('lienthong_lookup_queue_items'),
    headWaitingSeconds: figure('lienthong_log_head_waiting_seconds'),
    rulesRefused: figure('lienthong_policy_rules_refused') === 1,
    keysRefused: figure('lienthong_own_keys_refused') === 1,
  };
}
