import { afterEach } from 'vitest';
import { type Client, createClient } from '../../sandbox/providers/client.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import type { MjProxyStandIn } from '../../sandbox/providers/mj-proxy/stand-in.ts';
import type { ProviderOptions } from '../../sandbox/providers/stand-in.ts';

export type Options = ProviderOptions & { habits?: Partial<Habits> };
export type Create = (options: Options) => Promise<MjProxyStandIn>;

/** Starts stand-ins with small pictures, each with a client, and closes them after each test. */
export function useStandIns() {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((standIn) => standIn.close()));
  });
  return {
    /** Closes that one, too. */
    closeLater: (standIn: { close(): Promise<unknown> }) => void open.push(standIn),
    async start(create: Create, options: Options = {}): Promise<{ standIn: MjProxyStandIn; client: Client }> {
      const standIn = await create({ pictureHeight: 64, ...options });
      open.push(standIn);
      return { standIn, client: createClient(standIn) };
    },
  };
}

/** A finished grid, and a press on the button whose id holds that. */
export async function createGrid(client: Client, prompt = 'a fox') {
  const { json } = await client.finished(await client.submit('imagine', { prompt }));
  const press = (part: string, task = json) => ({
    taskId: task.id,
    customId: task.buttons.find(({ customId }: { customId: string }) => customId.includes(part)).customId,
  });
  return { grid: json, press };
}

/** The first picture of a grid, picked. */
export async function createPicked(client: Client, prompt = 'a fox') {
  const { press } = await createGrid(client, prompt);
  const { json } = await client.finished(await client.submit('action', press('upsample::1')));
  return { picked: json, press: (part: string) => press(part, json) };
}
