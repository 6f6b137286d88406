/** What a link to a page consists of: whose draft it opens, and a secret that nobody can guess. */
export interface PageToken {
  /** A Discord id. */
  readonly userId: string;
  /** Of the draft. */
  readonly id: string;
  readonly secret: string;
}

/** Eight bytes for the person, twelve for the draft and 24 for the secret, each in base64url. */
const pattern = /^([\w-]{11})([\w-]{16})([\w-]{32})$/;

/** Returns the last part of the address of a page. */
export function toToken({ userId, id, secret }: PageToken): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(userId));
  return `${bytes.toString('base64url')}${id}${secret}`;
}

/** Returns its parts; `undefined` if it can't be one of ours. */
export function readToken(token: string): PageToken | undefined {
  const [, person, id, secret] = pattern.exec(token) ?? [];
  if (person === undefined || id === undefined || secret === undefined) return undefined;
  return { userId: Buffer.from(person, 'base64url').readBigUInt64BE().toString(), id, secret };
}
