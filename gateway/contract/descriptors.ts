import { type DescFile, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { file_lienthong_audit_v1_decision } from '../../proto/gen/lienthong/audit/v1/decision_pb.js';
import { file_lienthong_error_v1_error } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { SERVICES } from './services.ts';

/** The files of all services, of the decisions that the log keeps and of the error details, each after the files that it imports, none twice. */
export function contractFiles(): DescFile[] {
  const seen = new Set<string>();
  const files: DescFile[] = [];
  const add = (file: DescFile): void => {
    if (seen.has(file.name)) return;
    seen.add(file.name);
    for (const imported of file.dependencies) add(imported);
    files.push(file);
  };
  for (const { service } of SERVICES) add(service.file);
  add(file_lienthong_audit_v1_decision);
  add(file_lienthong_error_v1_error);
  return files;
}

/** Serialised `google.protobuf.FileDescriptorSet` of the contract and what it imports: what a client needs to speak to any gateway. */
export function descriptorSet(): Uint8Array {
  const file = contractFiles().map(({ proto }) => proto);
  return toBinary(FileDescriptorSetSchema, { $typeName: 'google.protobuf.FileDescriptorSet', file });
}

/** Serialised `FileDescriptorProto`s, for reflection. */
export function serialisedFiles(): Uint8Array[] {
  return contractFiles().map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
}
