import { type APIGatewayBotInfo, DiscordAPIError, REST, type RESTOptions, Routes } from 'discord.js';
import type { Logger } from '../log.ts';
import type { SessionStartLimit } from './session-starts.ts';

const timeoutMs = 5_000;

/** What is asked about the gateway before a session starts there. */
export interface GatewayQuestions {
  /** Whether Discord answers, and takes this token. */
  reach(): Promise<'reached' | 'unreachable' | 'token-refused'>;
  /** How many sessions this bot may start; `undefined` if Discord doesn't say, which is no reason not to try. */
  readLimit(): Promise<SessionStartLimit | undefined>;
}

export interface GatewayQuestionsDependencies {
  token: string;
  apiUrl: string;
  makeRequest: RESTOptions['makeRequest'];
  log: Logger;
}

export function createGatewayQuestions(dependencies: GatewayQuestionsDependencies): GatewayQuestions {
  const { token, apiUrl, makeRequest, log } = dependencies;
  const rest = new REST({ api: apiUrl, makeRequest, retries: 0, timeout: timeoutMs }).setToken(token);

  return {
    async reach() {
      try {
        await rest.get(Routes.gatewayBot());
        return 'reached';
      } catch (error) {
        if (error instanceof DiscordAPIError && error.status === 401) return 'token-refused';
        log.warn({ error }, 'Discord cannot be reached; the bot keeps trying');
        return 'unreachable';
      }
    },
    async readLimit() {
      try {
        const { session_start_limit: limit } = (await rest.get(Routes.gatewayBot())) as APIGatewayBotInfo;
        return limit;
      } catch (error) {
        log.warn({ error }, 'Discord does not say how many sessions may be started');
        return undefined;
      }
    },
  };
}
