import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** A service whose messages grpc-js hands over as the very bytes that were on the wire. */
export type RawService = ServiceDefinition & Readonly<Record<string, MethodDefinition<Buffer, Buffer>>>;

/** Example: `/lienthong.person.v1.PersonService/GetPerson`. */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** grpc-js's form of a protobuf-es service, without any marshalling: signatures cover bytes, so nobody here may rewrite them. */
export function rawService(service: DescService): RawService {
  return Object.fromEntries(service.methods.map((method) => [method.name, rawMethod(method)]));
}

function rawMethod(method: DescMethod): MethodDefinition<Buffer, Buffer> {
  const streams = STREAMS[method.methodKind];
  return {
    path: methodPath(method),
    requestStream: streams.request,
    responseStream: streams.response,
    requestSerialize: asBuffer,
    requestDeserialize: same,
    responseSerialize: asBuffer,
    responseDeserialize: same,
    originalName: method.localName,
  };
}

const STREAMS = {
  unary: { request: false, response: false },
  client_streaming: { request: true, response: false },
  server_streaming: { request: false, response: true },
  bidi_streaming: { request: true, response: true },
} as const satisfies Record<DescMethod['methodKind'], { request: boolean; response: boolean }>;

/** The same memory as a Buffer, which is what grpc-js copies from. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function same(bytes: Buffer): Buffer {
  return bytes;
}
