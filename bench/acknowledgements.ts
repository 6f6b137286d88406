import type { Discord, Interaction } from '../sandbox/discord/index.ts';
import type { Figure, Goal } from './figures.ts';
import { maximum, percentile } from './statistics.ts';

/** `… is thinking`: the answer that a task gets. Any other is a refusal. */
const deferred = 5;

/** Measures how long interactions that were dispatched between `start` and `stop` waited for their answer. */
export interface Acknowledgements {
  start(): void;
  stop(): void;
  read(): AcknowledgementTimes;
}

export interface AcknowledgementTimes {
  dispatched: number;
  unanswered: number;
  refused: number;
  p50: number;
  p99: number;
  max: number;
}

export function watchAcknowledgements(discord: Discord): Acknowledgements {
  const waiting = new Map<Interaction, number>();
  const times: number[] = [];
  let isOn = false;
  let dispatched = 0;
  let refused = 0;
  discord.on((event) => {
    if (event.type === 'interaction' && isOn) {
      dispatched += 1;
      waiting.set(event.interaction, performance.now());
    }
    if (event.type !== 'acknowledged') return;
    const at = waiting.get(event.interaction);
    if (at === undefined) return;
    waiting.delete(event.interaction);
    times.push(performance.now() - at);
    if (event.callback !== deferred) refused += 1;
  });
  return {
    start() {
      isOn = true;
    },
    stop() {
      isOn = false;
    },
    read: () => ({
      dispatched,
      unanswered: waiting.size,
      refused,
      p50: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      max: maximum(times),
    }),
  };
}

/** Puts `who` before each name: `bot: p50`. */
export function toFigures(who: string, times: AcknowledgementTimes, p99Goal?: Goal): Figure[] {
  return [
    { name: `${who}: p50`, value: times.p50, unit: 'ms' },
    { name: `${who}: p99`, value: times.p99, unit: 'ms', ...(p99Goal && { goal: p99Goal }) },
    { name: `${who}: max`, value: times.max, unit: 'ms' },
    { name: `${who}: dispatched`, value: times.dispatched, unit: '' },
    {
      name: `${who}: unanswered`,
      value: times.unanswered,
      unit: '',
      ...(p99Goal && { goal: { is: 'at most', value: 0 } }),
    },
    { name: `${who}: refused`, value: times.refused, unit: '' },
  ];
}
