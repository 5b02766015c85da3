import { readdirSync } from 'node:fs';
import { createFileRegistry, fromBinary, getOption } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { field } from '../../proto/gen/lienthong/person/v1/field_pb.js';
import { descriptorSet } from './descriptors.ts';
import { SERVICES } from './services.ts';

const ours = readdirSync(new URL('../../proto/lienthong', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.proto'))
  .map((name) => `lienthong/${name.replaceAll('\\', '/')}`);

describe('the descriptor set', () => {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet());

  it('holds every file of the contract once, each after its imports', () => {
    const names = set.file.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('lienthong/')).sort()).toEqual([...ours].sort());
    expect(new Set(names).size).toBe(names.length);
    set.file.forEach(({ dependency }, at) => {
      for (const name of dependency) expect(names.slice(0, at)).toContain(name);
    });
  });

  it('is enough to build the services and the vocabulary from', () => {
    const registry = createFileRegistry(set);
    for (const { service } of SERVICES) {
      expect(registry.getService(service.typeName)?.methods.length).toBe(service.methods.length);
    }
    const name = registry.getMessage('lienthong.person.v1.Person')?.field.fullName;
    expect(name && getOption(name, field).id).toBe(2);
  });

  it('knows of every service that the protos declare', () => {
    const declared = set.file.flatMap((file) => file.service.map((service) => `${file.package}.${service.name}`));
    expect(SERVICES.map(({ service }) => service.typeName).sort()).toEqual(declared.sort());
  });
});
