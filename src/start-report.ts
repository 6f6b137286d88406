import { cleanText } from './clean-text.ts';
import type { Config } from './config.ts';
import { createRegistration, type RegistrationDependencies } from './discord/registration.ts';
import { listStartChecks, takeCheck } from './doctor/checks.ts';
import { explainDiscord } from './doctor/discord.ts';
import type { Line } from './doctor/line.ts';
import type { Logger } from './log.ts';
import type { Agents } from './providers/agents.ts';
import { createHttp } from './providers/http.ts';

export interface StartReportDependencies {
  readonly config: Config;
  /** The commands, as Discord takes them. */
  readonly bodies: RegistrationDependencies['bodies'];
  readonly makeRequest: RegistrationDependencies['makeRequest'];
  readonly agents: Pick<Agents, 'account'>;
  /** Aborted as soon as the bot ends: calls that are cut off then say nothing about those they went to. */
  readonly ending: AbortSignal;
  readonly log: Logger;
}

/**
 * Registers the commands if that's wanted, then says in the log what the doctor would say: what works as `info`, and
 * everything else as `warn`, with what to do. Never rejects: a start neither waits for it nor fails because of it.
 */
export async function reportStart(dependencies: StartReportDependencies): Promise<void> {
  const { config, bodies, makeRequest, agents, ending, log } = dependencies;
  if (config.registerOnStart !== false) await registerIfWanted(dependencies);
  const checks = listStartChecks({
    config,
    makeRequest,
    httpOf: (account) => createHttp({ dispatcher: agents.account(account) }),
    commandNames: bodies.map(({ name }) => name),
  });
  await Promise.all(
    checks.map(async (check) => {
      const lines = await takeCheck(check);
      if (ending.aborted) return;
      for (const line of lines) tell(line, log);
    }),
  );
}

async function registerIfWanted({ config, ending, log, ...rest }: StartReportDependencies): Promise<void> {
  const registration = createRegistration({ ...rest, config });
  try {
    if (config.registerOnStart === undefined && !(await registration.hasNone())) return;
    const { left, ...registered } = await registration.register();
    log.info(registered, 'commands registered');
    for (const { scope, error } of left)
      log.warn(
        { scope, error },
        'commands that are also registered here could not be removed: run npm run deploy',
      );
  } catch (error) {
    if (ending.aborted) return;
    const { text } = explainDiscord(error);
    log.warn({ error }, `the commands could not be registered: ${text}; then run npm run deploy`);
  }
}

function tell({ verdict, what, text }: Line, log: Logger): void {
  if (verdict === 'skip') return;
  const sentence = cleanText(`${what}: ${text}`);
  if (verdict === 'ok') log.info(sentence);
  else log.warn(sentence);
}
