import { filled, type Words } from '../../gateway/errors/words.ts';

/** How far this machine's clock is from that of a gateway which refused a token for its time. */

/** Seconds of this machine's clock: when the token was signed, and when its refusal was here. */
export type OwnTimes = { readonly signedAt: number; readonly heardAt: number };
export type ClockFound = {
  /** Whole seconds; negative where this machine's clock is behind. 0: they agree, and the token was too long on its way. */
  readonly ahead: number;
  readonly words: Words;
};

const CLOCK_WORDS = {
  ahead: {
    en: "This machine's clock is {seconds} s ahead of the gateway's.",
    vi: 'Đồng hồ máy này nhanh hơn đồng hồ của cổng {seconds} giây.',
  },
  behind: {
    en: "This machine's clock is {seconds} s behind the gateway's.",
    vi: 'Đồng hồ máy này chậm hơn đồng hồ của cổng {seconds} giây.',
  },
  agrees: {
    en: "This machine's clock agrees with the gateway's: the call was too long on its way.",
    vi: 'Đồng hồ máy này khớp với đồng hồ của cổng: lời gọi đi trên đường quá lâu.',
  },
} as const satisfies Record<string, Words>;
/** Both sides tell whole seconds. */
const EXACT_TO = 1;

/**
 * The gateway looked at its clock at some moment between the two of ours: to the half of what lies between them is the difference known,
 * and where that leaves none possible it is none.
 *
 * @param serverTime of the refusal's help, unix seconds
 */
export function clockFound(serverTime: number, { signedAt, heardAt }: OwnTimes): ClockFound {
  const agrees = serverTime >= signedAt - EXACT_TO && serverTime <= heardAt + EXACT_TO;
  const ahead = agrees ? 0 : Math.round((signedAt + heardAt) / 2) - serverTime;
  const words = CLOCK_WORDS[ahead === 0 ? 'agrees' : ahead > 0 ? 'ahead' : 'behind'];
  return { ahead, words: filled(words, { seconds: Math.abs(ahead) }) };
}
