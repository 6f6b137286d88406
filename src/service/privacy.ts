/** What says whether only its person sees what they start; each may say nothing. */
export interface PrivacyWishes {
  /** The option of the command. */
  readonly chosen: boolean | undefined;
  /** The person's own preference. */
  readonly own: boolean | undefined;
  /** What's usual on the server. */
  readonly usual?: boolean | undefined;
}

/** Whether only its person is to see what they start: as they chose for it, or as they always want it, or as it's usual there. */
export function isMeantPrivately({ chosen, own, usual }: PrivacyWishes): boolean {
  return chosen ?? own ?? usual ?? false;
}
