import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

/** A scrape is a small request and comes seldom. */
const REQUEST_MS = 2_000;
/** How often Node looks for those that are late: seldomer, and a few silent connections keep scrapes out for half a minute. */
const LOOK_MS = 500;
const CONNECTIONS = 16;
const HEADER_BYTES = 8 * 1024;

/**
 * Answers `GET /metrics` over plain HTTP, to whoever can reach it: it belongs on loopback or a network of the operator's own.
 * Resolves when it listens.
 */
export async function listenForScrapes(
  at: { readonly host: string; readonly port: number },
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  onFault: (error: unknown) => void,
): Promise<MetricsListener> {
  const server = createServer(
    {
      ...{ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: LOOK_MS },
      maxHeaderSize: HEADER_BYTES,
    },
    (request, response) => {
      // One that is kept open holds a place of the few, and is closed under the next scrape as like as not.
      response.setHeader('connection', 'close');
      const found = request.url === '/metrics';
      const asked = request.method === 'GET' || request.method === 'HEAD';
      if (!found || !asked) {
        response.writeHead(found ? 405 : 404, found ? { allow: 'GET, HEAD' } : {}).end();
        return;
      }
      metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        (error: unknown) => {
          onFault(error);
          response.writeHead(500).end();
        },
      );
    },
  );
  server.maxConnections = CONNECTIONS;
  server.listen(at);
  await once(server, 'listening');
  server.on('error', onFault);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
