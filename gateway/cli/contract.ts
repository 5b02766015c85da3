import { readFile } from 'node:fs/promises';
import {
  createFileRegistry,
  type DescMethod,
  type DescMethodUnary,
  type DescService,
  fromBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet } from '../contract/descriptors.ts';
import { CliProblem } from './problem.ts';

/** The methods of a contract that is only known at run time, by descriptor set. */
export interface Contract {
  /** Every method, `package.Service/Method`, in order of name. */
  readonly methods: readonly string[];
  /**
   * A unary method by `package.Service/Method`, with or without a slash before it, or by `Service/Method` where no other
   * package has that. Throws CliProblem METHOD_UNKNOWN, which lists what there is, or METHOD_STREAMS.
   */
  unary(name: string): DescMethodUnary;
}

export function readContract(descriptorSet: Uint8Array): Contract {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const byName = new Map<string, DescMethod>();
  for (const type of registry) {
    if (type.kind === 'service') for (const method of type.methods) byName.set(nameOf(type, method), method);
  }
  const methods = [...byName.keys()].sort();
  return {
    methods,
    unary(name): DescMethodUnary {
      const wanted = name.replace(/^\//, '');
      const found = byName.has(wanted) ? [wanted] : methods.filter((method) => method.endsWith(`.${wanted}`));
      const method = found.length === 1 ? byName.get(found[0] ?? '') : undefined;
      if (method === undefined)
        throw new CliProblem('METHOD_UNKNOWN', {
          method: wanted,
          known: methods.map((each) => `\n  ${each}`).join(''),
        });
      if (method.methodKind !== 'unary') throw new CliProblem('METHOD_STREAMS', { method: wanted });
      return method as DescMethodUnary;
    },
  };
}

/** Reads a descriptor set file; where a profile has none, the contract of this program. Throws CliProblem DESCRIPTORS_WRONG. */
export async function readContractFile(path: string | undefined): Promise<Contract> {
  if (path === undefined) return readContract(descriptorSet());
  try {
    return readContract(await readFile(path));
  } catch (error) {
    throw new CliProblem('DESCRIPTORS_WRONG', { file: path }, { cause: error });
  }
}

function nameOf(service: DescService, method: DescMethod): string {
  return `${service.typeName}/${method.name}`;
}
