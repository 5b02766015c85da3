import { createServer } from 'node:net';
import { CliProblem } from '../problem.ts';

/** Makes sure that nobody listens on a port of loopback; 0 finds one that is free. Throws CliProblem PORT_TAKEN. */
export async function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => reject(new CliProblem('PORT_TAKEN', { port: wanted }, { cause })));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}
