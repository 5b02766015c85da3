import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import type { Parts } from './visit.ts';

/** The citizen's pages, being served. */
export interface RunningConsole {
  readonly port: number;
  /** To be opened in a browser of this machine. */
  readonly link: string;
  close(): Promise<void>;
}

/** Loopback only: what stands before it and speaks TLS to the world is somebody else's. */
const HOST = '127.0.0.1';
/** How often what is left of ended sessions is forgotten. */
const SWEEP_MS = 60_000;

/** Serves the pages on loopback. @param port 0 for any */
export async function serveConsole(parts: Parts, { port }: { readonly port: number }): Promise<RunningConsole> {
  const assets = await loadAssets();
  const origins: string[] = [];
  const app = createApp(parts, { assets, origins });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: HOST, port }, ({ port: taken }) => {
      // Known now only: every other name is refused.
      origins.push(`http://localhost:${taken}`, `http://${HOST}:${taken}`);
      const sweeping = setInterval(() => parts.sessions.sweep(), SWEEP_MS).unref();
      const link = `http://localhost:${taken}/`;
      const close = () =>
        new Promise<void>((done) => {
          clearInterval(sweeping);
          server.close(() => done());
          if ('closeAllConnections' in server) server.closeAllConnections();
        });
      resolve({ port: taken, link, close });
    });
    server.once('error', reject);
  });
}
