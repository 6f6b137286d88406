/** How long one call may take. */
export const callTimeoutMs = 15_000;

const words: readonly (readonly [RegExp, string])[] = [
  [/^ENOTFOUND$/, 'there is no host of that name'],
  [/^EAI_AGAIN$/, 'the name could not be looked up; is this machine online?'],
  [/^ECONNREFUSED$/, 'nobody listens there'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'no way leads there from this machine'],
  [/^PROXY_407$/, 'the proxy asks for a name and a password: look at HTTPS_PROXY'],
  [/^PROXY_\d+$/, 'the proxy refuses to lead there: look at HTTPS_PROXY'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was cut'],
  [/TIMEOUT|TIMEDOUT|^(TimeoutError|AbortError)$/, 'no answer in time'],
  [/CERT|SELF_SIGNED|LEAF_SIGNATURE|ISSUER/, 'its certificate does not hold'],
  [/^(EPROTO|ERR_SSL_.*)$/, 'it speaks no TLS; is it http?'],
];

/** Why there was no answer, in plain words with the code behind them. */
export function explainCode(code: string): string {
  const [, text] = words.find(([pattern]) => pattern.test(code)) ?? [];
  return `${text ?? 'the connection failed'} (${code})`;
}

/** The code of a failed connection; each library has it somewhere else. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return error.name;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
