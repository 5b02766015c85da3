/** What the commands of officers say. */
import { toJson } from '@bufbuild/protobuf';
import { type Proposal, ProposalSchema, ProposalState } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { CommandContext } from '../cli.ts';
import { table } from '../layout.ts';
import { localTime } from '../local-time.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';

export const OFFICER_WORDS = {
  en: {
    proposed: 'Proposed: {act} {subject}\n{digest}\nAnother officer approves it: lienthong proposal approve {digest}',
    revoked: 'Done at once: {subject}. Running gateways take it up within two seconds.',
    approved: 'Approved: {act} {subject}. Running gateways take it up within two seconds.',
    rejected: 'Rejected: {act} {subject}.',
    none: 'There is nothing.',
    ask: 'Sign exactly this as {officer}? [y/N] ',
    kept: 'Nothing was signed.',
    forGood: 'Once it counts nobody can take it back.',
    listed: '{subject}: {owner}',
    unlisted: 'No list of the register names it: nobody enrolled it.',
    proposals: ['Digest', 'What', 'Concerns', 'State', 'By', 'When'],
    members: ['Member', 'Value'],
    changes: ['Member', 'Now', 'Proposed'],
    same: 'It changes nothing.',
    marked: '{changed} of {all} members change: + new, − gone, * another value.',
    agencies: ['Agency', 'Legal entity', 'Name', 'Certificates until', 'Keys (sig/enc)', 'State'],
    officers: ['Officer', 'Roles', 'Certificate until', 'State', 'Not with'],
    agreements: ['Agreement', 'Version', 'Agency', 'Purpose', 'From', 'Until'],
    countsNow: '{agreement} counts. Digest: {digest}',
    begins: '{agreement} is approved and begins on {at}; until then the version before it counts.',
    countedOnce: '{agreement} was approved by two officers, and does not count now. Digest: {digest}',
    next: '{agreement} is nobody’s yet. Put it before the other officers: lienthong agreement propose {file}',
    limits: ['Agreement', 'Version', 'Limit', 'Agreed', 'Now', 'Until'],
    nextVersion: 'its next version',
    ignored:
      '{count} rows stand in the database and count for nothing ({problems}): somebody wrote them past the officers.',
    fallen:
      '{count} agreements count no longer: an officer who signed them, or the key of one, was barred since. Each needs its next version, signed by two others.',
    falling:
      'With {officer} barred these agreements end at once, and need their next versions signed by two others: {ids}. Where an officer merely leaves, "officer roles {officer} auditor" by two others keeps them.',
    replayed: '{replayed} recorded decisions replayed: {same} would be the same; {unknown} cannot be replayed.',
    replayedPart:
      'The newest {replayed} recorded decisions replayed: {same} would be the same; {unknown} cannot be replayed.',
    rehearsed: ['Call', 'Decisions', 'Decided', 'Would get', 'Would lose'],
    issuers: ['Issuer', 'Legal entity', 'Name', 'Keys', 'State'],
    retired: 'retired',
    ended: 'ended',
    certificate: 'certificate',
    signs: 'signing key',
    encrypts: 'encryption key',
    until: 'until {time}',
    open: 'open',
    barred: 'barred',
    uncounted: 'does not count',
  },
  vi: {
    proposed: 'Đã đề xuất: {act} {subject}\n{digest}\nCán bộ khác phê duyệt: lienthong proposal approve {digest}',
    revoked: 'Đã có hiệu lực ngay: {subject}. Các cổng đang chạy áp dụng trong vòng hai giây.',
    approved: 'Đã phê duyệt: {act} {subject}. Các cổng đang chạy áp dụng trong vòng hai giây.',
    rejected: 'Đã từ chối: {act} {subject}.',
    none: 'Không có mục nào.',
    ask: 'Ký đúng nội dung này với tư cách {officer}? [c/K] ',
    kept: 'Chưa ký gì.',
    forGood: 'Khi đã có hiệu lực thì không ai rút lại được.',
    listed: '{subject}: {owner}',
    unlisted: 'Không danh mục nào của CSDL dân cư có tên này: chưa ai đăng ký.',
    proposals: ['Mã băm', 'Việc', 'Đối tượng', 'Trạng thái', 'Người đề xuất', 'Lúc'],
    members: ['Mục', 'Giá trị'],
    changes: ['Mục', 'Hiện tại', 'Đề xuất'],
    same: 'Không thay đổi gì.',
    marked: '{changed} trong {all} mục thay đổi: + thêm mới, − bỏ đi, * giá trị khác.',
    agencies: ['Cơ quan', 'Pháp nhân', 'Tên', 'Chứng thư đến', 'Khóa (ký/mã hóa)', 'Trạng thái'],
    officers: ['Cán bộ', 'Vai trò', 'Chứng thư đến', 'Trạng thái', 'Không cùng ký với'],
    agreements: ['Thỏa thuận', 'Phiên bản', 'Cơ quan', 'Mục đích', 'Từ', 'Đến'],
    countsNow: '{agreement} đang có giá trị. Mã băm: {digest}',
    begins: '{agreement} đã được phê duyệt, bắt đầu từ {at}; đến lúc đó phiên bản trước vẫn có giá trị.',
    countedOnce: '{agreement} đã được hai cán bộ phê duyệt, hiện không có giá trị. Mã băm: {digest}',
    next: '{agreement} chưa được ai ký. Trình các cán bộ khác: lienthong agreement propose {file}',
    limits: ['Thỏa thuận', 'Phiên bản', 'Hạn mức', 'Thỏa thuận ghi', 'Hiện tại', 'Đến'],
    nextVersion: 'phiên bản kế tiếp',
    fallen:
      '{count} thỏa thuận không còn hiệu lực: cán bộ đã ký, hoặc khóa của họ, bị chặn sau đó. Mỗi thỏa thuận cần phiên bản kế tiếp do hai cán bộ khác ký.',
    falling:
      'Chặn {officer} thì các thỏa thuận sau hết hiệu lực ngay và cần phiên bản kế tiếp do hai cán bộ khác ký: {ids}. Nếu cán bộ chỉ thôi việc, hai cán bộ khác dùng "officer roles {officer} auditor" để giữ các thỏa thuận.',
    replayed: 'Đã phát lại {replayed} quyết định: {same} giữ nguyên; {unknown} không phát lại được.',
    replayedPart: 'Đã phát lại {replayed} quyết định mới nhất: {same} giữ nguyên; {unknown} không phát lại được.',
    rehearsed: ['Lời gọi', 'Số quyết định', 'Kết quả', 'Sẽ được thêm', 'Sẽ mất'],
    ignored: '{count} dòng trong cơ sở dữ liệu không có giá trị ({problems}): có người đã ghi mà không qua cán bộ.',
    issuers: ['Bên phát hành', 'Pháp nhân', 'Tên', 'Khóa', 'Trạng thái'],
    retired: 'đã thôi',
    ended: 'đã hết hạn',
    certificate: 'chứng thư',
    signs: 'khóa ký',
    encrypts: 'khóa mã hóa',
    until: 'đến {time}',
    open: 'hoạt động',
    barred: 'đã chặn',
    uncounted: 'không có giá trị',
  },
} as const;

const STATE_WORDS: Readonly<Record<ProposalState, { readonly en: string; readonly vi: string }>> = {
  [ProposalState.UNSPECIFIED]: { en: '–', vi: '–' },
  [ProposalState.OPEN]: { en: 'open', vi: 'chờ phê duyệt' },
  [ProposalState.APPROVED]: { en: 'approved', vi: 'đã phê duyệt' },
  [ProposalState.ALONE]: { en: 'done by one', vi: 'một cán bộ thực hiện' },
  [ProposalState.REJECTED]: { en: 'rejected', vi: 'đã từ chối' },
  [ProposalState.EXPIRED]: { en: 'expired', vi: 'đã hết hạn' },
};

export const proposalJson = (proposal: Proposal) => toJson(ProposalSchema, proposal, { useProtoFieldName: true });

/** One line about what became of a proposal, and the proposal for programs. */
export function tellProposal(
  context: CommandContext,
  proposal: Proposal | undefined,
  said: 'proposed' | 'revoked' | 'approved' | 'rejected',
): void {
  if (proposal === undefined) return;
  context.give(proposalJson(proposal));
  const { act, subject, digest } = proposal;
  context.say(fill(OFFICER_WORDS[context.settings.language][said], { act, subject, digest }));
}

/** A table, or that there is nothing. @param whole so many of the first columns never wrap: what other commands are given */
export function tellTable(
  context: CommandContext,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  whole = 0,
): void {
  const words = OFFICER_WORDS[context.settings.language];
  const columns = titles.map((title, at) => ({ title, wide: at >= whole }));
  context.say(rows.length === 0 ? words.none : table(columns, rows, widthOf(context.terminal.stdout)));
}

export function proposalRow(proposal: Proposal, language: 'en' | 'vi'): string[] {
  const { digest, act, subject, state, proposer, proposedAt } = proposal;
  return [digest.slice(0, 12), act, subject, STATE_WORDS[state][language], proposer, localTime(Number(proposedAt))];
}
