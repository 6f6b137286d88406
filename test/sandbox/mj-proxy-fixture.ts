import { afterEach } from 'vitest';
import { type Client, createClient } from '../../sandbox/providers/client.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import type { MjProxyStandIn } from '../../sandbox/providers/mj-proxy/stand-in.ts';
import type { ProviderOptions } from '../../sandbox/providers/stand-in.ts';

export type Options = ProviderOptions & { habits?: Partial<Habits> };
export type Create = (options: Options) => Promise<MjProxyStandIn>;

export interface Started {
  standIn: MjProxyStandIn;
  client: Client;
}

/** Starts stand-ins, each with a client; they, and anything else in `open`, are closed after each test. */
export function createStarter() {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  async function start(create: Create, options: Options = {}, prefix = ''): Promise<Started> {
    const standIn = await create({ pictureHeight: 64, ...options });
    open.push(standIn);
    return { standIn, client: createClient(standIn, standIn.key, prefix) };
  }
  return { start, open };
}

/** Imagines; returns the finished task, and what a press on one of its buttons sends. */
export async function createGrid(client: Client, prompt = 'a fox') {
  const { json } = await client.finished(await client.submit('imagine', { prompt }));
  const press = (part: string, task = json) => ({
    taskId: task.id,
    customId: task.buttons.find(({ customId }: { customId: string }) => customId.includes(part)).customId,
  });
  return { grid: json, press };
}

/** The same for the first picture of a grid. */
export async function createPicked(client: Client, prompt = 'a fox') {
  const { press } = await createGrid(client, prompt);
  const { json } = await client.finished(await client.submit('action', press('upsample::1')));
  return { picked: json, press: (part: string) => press(part, json) };
}
