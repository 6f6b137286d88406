import { type AcknowledgementTimes, toFigures, watchAcknowledgements } from './acknowledgements.ts';
import { createCrowd } from './crowd.ts';
import type { Section } from './figures.ts';
import { onSchedule, sleep } from './schedule.ts';
import { createStage, type Stage, toDelayFigures } from './stage.ts';

export interface AcknowledgeOptions {
  perSecond: number;
  seconds: number;
  isProfiled: boolean;
}

const warmUpSeconds = 5;
/** How long Discord waits for an answer, and a little more. */
const stragglersMs = 3_500;

/** How fast interactions are acknowledged: by a bare discord.js client first, then by the bot. */
export async function measureAcknowledge(options: AcknowledgeOptions): Promise<Section> {
  const { perSecond, seconds, isProfiled } = options;
  const calls = perSecond * (seconds + warmUpSeconds);
  const stage = await createStage({ remember: 3 * calls });
  try {
    const crowd = createCrowd({ discord: stage.discord, people: Math.max(2_000, calls) });
    const client = await stage.startProgram('bench/bare-bot.ts');
    const bare = await measure(stage, { ...options, imagine: crowd.imagine });
    await client.end('SIGKILL');
    const bot = await stage.startBot();
    const relay = await measure(stage, {
      ...options,
      imagine: crowd.imagine,
      begin: () => bot.begin(isProfiled ? 'acknowledge' : undefined),
    });
    const usage = await bot.end();
    return {
      title: `acknowledge, ${perSecond} interactions/s for ${seconds} s`,
      figures: [
        ...toFigures('bot', relay.times, { is: 'at most', value: 250 }),
        ...toFigures('bare client', bare.times),
        {
          name: 'bot / bare client: p50',
          value: relay.times.p50 / bare.times.p50,
          unit: '×',
          goal: { is: 'at most', value: 1.5, isAim: true },
        },
        { name: 'bot / bare client: p99', value: relay.times.p99 / bare.times.p99, unit: '×' },
        { name: 'bot: CPU', value: usage.cores, unit: 'cores' },
        ...toDelayFigures(usage),
        { name: 'runner: latest dispatch', value: Math.max(relay.latestMs, bare.latestMs), unit: 'ms' },
      ],
    };
  } finally {
    await stage.close();
  }
}

interface Load extends AcknowledgeOptions {
  imagine: () => Promise<void>;
  /** Called between warming up and measuring. */
  begin?: () => void;
}

async function measure(
  { discord }: Stage,
  { imagine, begin, perSecond, seconds }: Load,
): Promise<{ times: AcknowledgementTimes; latestMs: number }> {
  const act = () => void imagine();
  await onSchedule({ perSecond, seconds: warmUpSeconds }, act);
  await sleep(0); // the last warm-up interaction is on its way
  const acknowledgements = watchAcknowledgements(discord);
  begin?.();
  acknowledgements.start();
  const latestMs = await onSchedule({ perSecond, seconds }, act);
  acknowledgements.stop();
  await sleep(stragglersMs);
  return { times: acknowledgements.read(), latestMs };
}
