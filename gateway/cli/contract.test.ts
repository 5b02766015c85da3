import type { DescFile } from '@bufbuild/protobuf';
import { toBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from 'vitest';
import { GetPersonRequestSchema, PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { parseRequest } from './commands/call.ts';
import { readContract, readContractFile } from './contract.ts';
import { CliProblem } from './problem.ts';

function filesOf(...files: DescFile[]): FileDescriptorProto[] {
  const found = new Map<string, FileDescriptorProto>();
  const add = (file: DescFile): void => {
    if (found.has(file.name)) return;
    for (const needed of file.dependencies) add(needed);
    found.set(file.name, file.proto);
  };
  for (const file of files) add(file);
  return [...found.values()];
}

const set = toBinary(FileDescriptorSetSchema, {
  $typeName: 'google.protobuf.FileDescriptorSet',
  file: filesOf(PersonService.file, VerificationService.file),
});
const contract = readContract(set);

const reasonOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof CliProblem ? [error.reason, error.next('en')] : [String(error)];
  }
  return [];
};

describe('a contract read at run time', () => {
  test.each([
    'lienthong.person.v1.PersonService/GetPerson',
    '/lienthong.person.v1.PersonService/GetPerson',
    'PersonService/GetPerson',
  ])('finds %s', (name) => {
    expect(contract.unary(name).input.typeName).toBe('lienthong.person.v1.GetPersonRequest');
  });

  test('lists what there is where a method is not known', () => {
    const [reason, next] = reasonOf(() => contract.unary('PersonService/DeletePerson'));
    expect(reason).toBe('METHOD_UNKNOWN');
    expect(next).toContain('lienthong.person.v1.PersonService/GetPerson');
    expect(reasonOf(() => contract.unary('GetPerson'))[0]).toBe('METHOD_UNKNOWN');
    expect(reasonOf(() => contract.unary(''))[0]).toBe('METHOD_UNKNOWN');
  });

  test('is this program’s own where a profile brings none', async () => {
    const own = await readContractFile(undefined);
    expect(own.methods).toEqual(expect.arrayContaining([...contract.methods]));
    expect(own.unary('AdminService/ListProposals').input.typeName).toBe('lienthong.admin.v1.ListProposalsRequest');
    await expect(readContractFile('nothing.binpb')).rejects.toMatchObject({ reason: 'DESCRIPTORS_WRONG' });
  });

  test('holds no streams', () => {
    expect(reasonOf(() => contract.unary('VerificationService/VerifyChunks'))[0]).toBe('METHOD_STREAMS');
  });
});

describe('a request in JSON', () => {
  test('takes both spellings of names, and nothing for an empty one', () => {
    const expected = { personalId: '901085000017', readMask: { paths: ['full_name'] } };
    const camel = '{"personalId":"901085000017","readMask":"fullName"}';
    const snake = '{"personal_id":"901085000017","read_mask":"fullName"}';
    for (const text of [camel, snake]) expect(parseRequest(GetPersonRequestSchema, text)).toMatchObject(expected);
    expect(parseRequest(GetPersonRequestSchema, ' \n')).toMatchObject({ personalId: '' });
  });

  test.each([
    '{',
    '[]',
    '{"personalId": 901085000017}',
    '{"nobody": "901085000017"}',
    '"901085000017"',
  ])('that is wrong is named without its values: %s', (text) => {
    try {
      parseRequest(GetPersonRequestSchema, text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CliProblem);
      const problem = error as CliProblem;
      expect(problem.reason).toBe('REQUEST_WRONG');
      expect(`${problem.happened('en')} ${problem.next('en')}`).not.toContain('901085000017');
      expect(problem.next('en')).toContain('read_mask');
    }
  });
});
