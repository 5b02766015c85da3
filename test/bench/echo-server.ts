/**
 * The yardstick of unary calls: grpc-js over mutual TLS that answers every call with as many bytes as it was told, and
 * does nothing else.  node echo-server.ts CA CERT KEY ANSWER_BYTES
 */
import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';

const [caPath = '', certPath = '', keyPath = '', answerBytes = '0'] = process.argv.slice(2);
const answer = Buffer.alloc(Number(answerBytes), 1);
const asIs = (bytes: Buffer): Buffer => bytes;

const server = new Server({ 'grpc.enable_channelz': 0, 'grpc.max_concurrent_streams': 256 });
server.addService(
  {
    echo: {
      path: '/bench.Echo/Echo',
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  },
  { echo: (_call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => done(null, answer) },
);
const credentials = ServerCredentials.createSsl(
  readFileSync(caPath),
  [{ cert_chain: readFileSync(certPath), private_key: readFileSync(keyPath) }],
  true,
);
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
