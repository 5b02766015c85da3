/** A collector of traces in this process: takes OTLP over HTTP in JSON, and keeps the spans. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** Everything as it came, for what must not be in it. */
  readonly bodies: readonly string[];
  /** Answers with this status from now on. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

type Attribute = { key: string; value: Record<string, unknown> };
type Body = { resourceSpans: { scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes' | 'links'> & Raw)[] }[] }[] };
type Raw = { attributes: Attribute[]; links?: ReceivedSpan['links']; status?: { code?: number } };

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (status === 200) {
      bodies.push(body);
      for (const { scopeSpans } of (JSON.parse(body) as Body).resourceSpans) {
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
          spans.push({
            ...span,
            links: span.links ?? [],
            failed: span.status?.code === 2,
            attributes: Object.fromEntries(
              span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
            ),
          });
        }
      }
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans,
    bodies,
    answerWith: (next) => {
      status = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
