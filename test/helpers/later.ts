import type { BotProcess } from '../../sandbox/index.ts';

/** How much later it becomes with each signal. */
const stepMs = 60_000;

/** Loaded into a bot before anything else: its clock is a minute further with each SIGUSR2, and its timers are as they were. */
const toProgram = (minutes: number) => `
  const now = Date.now;
  const ahead = ${minutes * stepMs};
  let later = 0;
  Date.now = () => now() + ahead + later;
  process.on('SIGUSR2', () => {
    later += ${stepMs};
    console.log('it is ' + later / ${stepMs} + ' minutes later');
  });`;

/** For the environment of a bot whose clock is that far ahead from the start, and can be put forward. */
export function withClockAhead(minutes: number): { NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(toProgram(minutes))}` };
}

/** The same for a clock that is right at the start. */
export const withMovableClock = withClockAhead(0);

/** Puts a bot's clock forward. */
export async function pass(bot: BotProcess, minutes: number): Promise<void> {
  const passed = bot.lines.filter((line) => /^it is \d+ minutes later$/u.test(line)).length;
  for (let minute = passed + 1; minute <= passed + minutes; minute += 1) {
    bot.process.kill('SIGUSR2');
    await bot.line(`it is ${minute} minutes later`);
  }
}
