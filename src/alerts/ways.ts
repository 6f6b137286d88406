import { ProviderError } from '../errors.ts';
import type { Http } from '../providers/http.ts';

/** What came of a message to the operators. */
export type Sent =
  | { readonly isDone: true }
  | {
      readonly isDone: false;
      /** For the log: neither the address nor anything that its server said. */
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
    };

/** How the operators are reached. */
export interface Ways {
  send(text: string): Promise<Sent>;
}

const timeoutMs = 10_000;
/** What Discord takes (docs, resources/webhook, Execute Webhook), in UTF-16 code units. */
const longestContent = 2_000;

/** Posts to the operator's own address: a Discord webhook, or anything else that takes `{content}`. Never follows a redirect. */
export function createWebhook(url: string, http: Http): Ways {
  return {
    async send(text) {
      const content = text.slice(0, longestContent);
      try {
        const { status, retryAfterMs } = await http.request({
          method: 'POST',
          url,
          headers: {},
          body: { content, allowed_mentions: { parse: [] } },
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (status >= 200 && status < 300) return { isDone: true };
        return { isDone: false, reason: `ALERT_WEBHOOK_URL answered ${status}`, retryAfterMs };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { isDone: false, reason: `ALERT_WEBHOOK_URL: ${error.message}` };
      }
    },
  };
}

/** Sends to each operator. Counts as sent once one of them has it: the others may have closed their messages. */
export function toOperators(
  operatorIds: readonly string[],
  send: (userId: string, content: string) => Promise<void>,
): Ways {
  return {
    async send(text) {
      const results = await Promise.allSettled(
        operatorIds.map((userId) => send(userId, text.slice(0, longestContent))),
      );
      if (results.some(({ status }) => status === 'fulfilled')) return { isDone: true };
      return { isDone: false, reason: 'none of OPERATOR_IDS takes direct messages from the bot' };
    },
  };
}
