import { createFileRegistry, fromBinary, type Registry } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { Client } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callUnary, openStream, type RpcHarness, startRpc, statusOf } from '../../test/support/rpc-harness.ts';
import { SERVICES } from '../contract/services.ts';

let rpc: RpcHarness;
let client: Client;
beforeAll(async () => {
  rpc = await startRpc();
  client = rpc.connect();
});
afterAll(() => rpc.stop());

/** Serialises one string field. */
function field(no: number, text: string): Buffer {
  return Buffer.from(new BinaryWriter().tag(no, WireType.LengthDelimited).string(text).finish());
}

/** The length-delimited fields of a message, by number. */
function fieldsOf(bytes: Uint8Array): { no: number; data: Uint8Array }[] {
  const reader = new BinaryReader(bytes);
  const found: { no: number; data: Uint8Array }[] = [];
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (type === WireType.LengthDelimited) found.push({ no, data: reader.bytes() });
    else reader.skip(type);
  }
  return found;
}

const only = (bytes: Uint8Array, no: number): Uint8Array[] =>
  fieldsOf(bytes).flatMap((one) => (one.no === no ? [one.data] : []));

async function health(service: string): Promise<number | string> {
  const { message, error } = await callUnary(client, '/grpc.health.v1.Health/Check', field(1, service));
  if (message === undefined) return error?.code === 5 ? 'NOT_FOUND' : String(error?.code);
  return message[1] ?? 0;
}

async function reflect(request: Buffer, version = 'v1'): Promise<Uint8Array> {
  const stream = openStream(client, `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`);
  const answer = new Promise<Buffer>((resolve) => stream.once('data', resolve));
  stream.end(request);
  return answer;
}

describe('health', () => {
  const SERVING = 1;
  const NOT_SERVING = 2;
  it('answers for the server and each service, and changes when told', async () => {
    const names = ['', ...SERVICES.map(({ service }) => service.typeName)];
    for (const name of names) expect(await health(name)).toBe(SERVING);
    rpc.server.setServing(false);
    for (const name of names) expect(await health(name)).toBe(NOT_SERVING);
    rpc.server.setServing(true);
    expect(await health('')).toBe(SERVING);
    expect(await health('no.such.Service')).toBe('NOT_FOUND');
  });
});

describe('reflection', () => {
  it.each(['v1', 'v1alpha'])('%s lists exactly the services of the contract', async (version) => {
    const [list] = only(await reflect(field(7, '*'), version), 6);
    const names = only(list ?? new Uint8Array(), 1).map((service) => Buffer.from(only(service, 1)[0] ?? []).toString());
    expect(names.sort()).toEqual(SERVICES.map(({ service }) => service.typeName).sort());
  });

  it('gives descriptors from which a client can build every message', async () => {
    for (const { service } of SERVICES) {
      const file = await filesOf(service.typeName);
      const registry: Registry = createFileRegistry({
        $typeName: FileDescriptorSetSchema.typeName,
        file: ordered(file),
      });
      const found = registry.getService(service.typeName);
      expect(
        found?.methods.map((method) => [method.name, method.methodKind, method.input.typeName, method.output.typeName]),
      ).toEqual(
        service.methods.map((method) => [
          method.name,
          method.methodKind,
          method.input.typeName,
          method.output.typeName,
        ]),
      );
      for (const { input, output } of service.methods) {
        for (const message of [input, output]) {
          const shape = (desc: typeof message | undefined) =>
            desc?.fields.map((one) => [one.number, one.name, one.jsonName, one.fieldKind, one.scalar, one.presence]);
          expect(shape(registry.getMessage(message.typeName))).toEqual(shape(message));
        }
      }
    }
  });

  it('says so where there is no such symbol', async () => {
    const [error] = only(await reflect(field(4, 'no.such.Symbol')), 7);
    expect(error).toBeDefined();
  });

  it('answers a client that asks a lot at once, each question', async () => {
    const stream = openStream(client, '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo');
    let answers = 0;
    stream.on('data', () => {
      answers += 1;
    });
    const status = statusOf(stream);
    for (let i = 0; i < 300; i += 1) stream.write(field(4, 'lienthong.person.v1.PersonService'));
    stream.end();
    expect((await status).code).toBe(0);
    expect(answers).toBe(300);
  });
});

/** All files that a symbol needs, as clients gather them: those given with it, then the imports still missing, by name. */
async function filesOf(symbol: string): Promise<FileDescriptorProto[]> {
  const files = new Map<string, FileDescriptorProto>();
  const take = async (request: Buffer): Promise<void> => {
    for (const bytes of only(only(await reflect(request), 4)[0] ?? new Uint8Array(), 1)) {
      const file = fromBinary(FileDescriptorProtoSchema, bytes);
      files.set(file.name, file);
    }
  };
  await take(field(4, symbol));
  for (const { dependency } of files.values()) {
    for (const name of dependency) if (!files.has(name)) await take(field(3, name));
  }
  return [...files.values()];
}

/** Files after what they import: the registry wants them so, reflection gives them in any order. */
function ordered<File extends { name: string; dependency: string[] }>(files: File[]): File[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const done = new Set<File>();
  const add = (file: File | undefined): void => {
    if (file === undefined || done.has(file)) return;
    for (const name of file.dependency) add(byName.get(name));
    done.add(file);
  };
  for (const file of files) add(file);
  return [...done];
}
