import { cleanText } from './clean-text.ts';
import type { Registration } from './discord/registration.ts';
import { type Check, takeCheck } from './doctor/checks.ts';
import { explainDiscord } from './doctor/discord.ts';
import type { Line } from './doctor/line.ts';
import type { Logger } from './log.ts';

export interface StartReportDependencies {
  readonly checks: readonly Check[];
  readonly registration: Registration;
  /** Whether to register the commands; `undefined`: only if none are registered yet. */
  readonly registers: boolean | undefined;
  readonly log: Logger;
}

/**
 * Registers the commands if that's wanted, then says in the log what the doctor would say: what works as `info`, and everything
 * else as `warn`, with what to do. Never rejects: a start neither waits for it nor fails because of it.
 */
export async function reportStart({
  checks,
  registration,
  registers,
  log,
}: StartReportDependencies): Promise<void> {
  if (registers !== false) await registerIfWanted({ registration, registers, log });
  await Promise.all(
    checks.map(async (check) => {
      for (const line of await takeCheck(check)) tell(line, log);
    }),
  );
}

async function registerIfWanted(
  wanted: Pick<StartReportDependencies, 'registration' | 'registers' | 'log'>,
): Promise<void> {
  const { registration, registers, log } = wanted;
  try {
    if (registers === undefined && !(await registration.hasNone())) return;
    const { left, ...registered } = await registration.register();
    log.info(registered, 'commands registered');
    for (const { scope, error } of left)
      log.warn(
        { scope, error },
        'commands that are also registered here could not be removed: run npm run deploy',
      );
  } catch (error) {
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
