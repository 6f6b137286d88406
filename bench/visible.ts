import { createCrowd } from './crowd.ts';
import type { Section } from './figures.ts';
import type { ProviderKind, Spread } from './provider.ts';
import { onSchedule, sleep } from './schedule.ts';
import { createStage, type Stage } from './stage.ts';
import { maximum, mean, percentile } from './statistics.ts';

export interface VisibleOptions {
  kind: ProviderKind;
  spread: Spread;
  tasks: number;
}

/** As in a busy server: new tasks come in over this time. */
const startSeconds = 60;
/** The longest task takes 300 s. */
const patienceMs = 330_000;

const pictureHeight = 1024;

/** How long a result is visible to the API's clients before Discord has it, with polling at the default cadence. */
export async function measureVisible({ kind, spread, tasks }: VisibleOptions): Promise<Section> {
  const stage = await createStage({ kind, spread, pictureHeight });
  try {
    const crowd = createCrowd({ discord: stage.discord, people: 2_000 });
    await stage.startBot();
    const delays = watchDelays(stage);
    await onSchedule({ perSecond: tasks / startSeconds, seconds: startSeconds }, () => void crowd.imagine());
    const until = performance.now() + patienceMs;
    while (delays.length < tasks && performance.now() < until) await sleep(500);
    const seconds = delays.map((delayMs) => delayMs / 1_000);
    return {
      title: `visible, ${kind}, ${tasks} tasks, ${spread} times`,
      figures: [
        {
          name: 'visible at the API → shown: mean',
          value: mean(seconds),
          unit: 's',
          goal: { is: 'below', value: 4 },
        },
        { name: 'visible at the API → shown: p50', value: percentile(seconds, 0.5), unit: 's' },
        { name: 'visible at the API → shown: p95', value: percentile(seconds, 0.95), unit: 's' },
        { name: 'visible at the API → shown: max', value: maximum(seconds), unit: 's' },
        { name: 'tasks without a result', value: tasks - delays.length, unit: '' },
        { name: 'look requests / task', value: (await stage.provider.count()).looks / tasks, unit: '' },
      ],
    };
  } finally {
    await stage.close();
  }
}

/** Milliseconds from "clients can see it" to "Discord has it"; tasks are identified by their prompts. */
function watchDelays({ discord, provider }: Stage): number[] {
  const delays: number[] = [];
  const visibleAt = new Map<string, number>();
  const shownAt = new Map<string, number>();
  const note = (prompt: string) => {
    const [from, to] = [visibleAt.get(prompt), shownAt.get(prompt)];
    if (from !== undefined && to !== undefined) delays.push(to - from);
  };
  provider.onVisible((tasks) => {
    for (const { prompt, at } of tasks) {
      visibleAt.set(prompt, at);
      note(prompt);
    }
  });
  discord.on((event) => {
    if (event.type !== 'message-edited' || event.message.attachments.length === 0) return;
    const prompt = event.message.interaction?.summary.replace('/imagine prompt: ', '') ?? '';
    if (shownAt.has(prompt)) return;
    shownAt.set(prompt, event.at);
    note(prompt);
  });
  return delays;
}
