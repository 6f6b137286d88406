import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a URL that we hand out allows, until its deadline. */
export interface Claim {
  readonly account: string;
  readonly task: string;
  /** Epoch milliseconds. */
  readonly deadlineAt: number;
}

/** Returns the last part of a URL: `<deadline, base 36>.<HMAC-SHA256 of account, task and deadline, base64url>`. */
export function sign(claim: Claim, key: Buffer): string {
  const deadline = claim.deadlineAt.toString(36);
  return `${deadline}.${macOf(claim.account, claim.task, deadline, key).toString('base64url')}`;
}

/** Whether we signed this claim, and its deadline hasn't passed. */
export function isSigned(
  { account, task, signature }: Omit<Claim, 'deadlineAt'> & { readonly signature: string },
  key: Buffer,
  now: number,
): boolean {
  const [deadline = '', mac = ''] = signature.split('.');
  const right = macOf(account, task, deadline, key);
  const given = Buffer.from(mac, 'base64url');
  return (
    given.length === right.length && timingSafeEqual(given, right) && Number.parseInt(deadline, 36) > now
  );
}

function macOf(account: string, task: string, deadline: string, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['callback', account, task, deadline]))
    .digest();
}
