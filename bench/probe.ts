/**
 * Runs inside the measured bot, before it (`node --import ./bench/probe.ts src/main.ts`), and answers the runner
 * over the channel between them. It costs the bot one timer.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What the runner asks. */
export type ProbeRequest = { ask: 'begin'; isProfiled: boolean } | { ask: 'end'; profilePath?: string };

/** The answer to `end`; milliseconds. */
export interface ProbeAnswer {
  eventLoopDelay: { p50: number; p99: number; max: number };
}

/** How often the loop is checked; the histogram counts it as delay (nodejs/node#34661). */
const resolutionMs = 10;

const delays = monitorEventLoopDelay({ resolution: resolutionMs });
const session = new Session();

async function answer(request: ProbeRequest): Promise<void> {
  if (request.ask === 'begin') return begin(request.isProfiled);
  delays.disable();
  if (request.profilePath !== undefined) await saveProfile(request.profilePath);
  process.send?.({
    eventLoopDelay: {
      p50: toDelayMs(delays.percentile(50)),
      p99: toDelayMs(delays.percentile(99)),
      max: toDelayMs(delays.max),
    },
  } satisfies ProbeAnswer);
}

async function begin(isProfiled: boolean): Promise<void> {
  if (isProfiled) {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  }
  delays.reset();
  delays.enable();
}

async function saveProfile(path: string): Promise<void> {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  writeFileSync(path, JSON.stringify(profile));
}

function toDelayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}

process.on('message', (request) => void answer(request as ProbeRequest));
process.channel?.unref();
