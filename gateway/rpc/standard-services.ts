import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { serialisedFiles } from '../contract/descriptors.ts';
import { SERVICES } from '../contract/services.ts';
import { asBuffer } from './adapter.ts';

/** Adds `grpc.health.v1.Health` for the whole server ("") and each service. Returns how to say whether it serves. */
export function addHealth(server: Server, serving: boolean): (serving: boolean) => void {
  const names = ['', ...SERVICES.map(({ service }) => service.typeName)];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, statusOf(serving)])));
  health.addToServer(server);
  return (now) => {
    for (const name of names) health.setStatus(name, statusOf(now));
  };
}

function statusOf(serving: boolean): 'SERVING' | 'NOT_SERVING' {
  return serving ? 'SERVING' : 'NOT_SERVING';
}

type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

/** Adds server reflection (v1 and v1alpha) of the contract. The library reads nothing of a package but its files. */
export function addReflection(server: Server): void {
  const definition: PackageDefinition = {
    contract: {
      format: 'Protocol Buffer 3 DescriptorProto',
      type: {},
      fileDescriptorProtos: serialisedFiles().map(asBuffer),
    },
  };
  new ReflectionService(definition).addToServer(server);
}
