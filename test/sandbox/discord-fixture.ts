import type { Interaction } from 'discord.js';
import { Client, Events, REST, Routes } from 'discord.js';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { Discord, DiscordOptions } from '../../sandbox/discord/index.ts';
import { createDiscord } from '../../sandbox/discord/index.ts';

/** A Discord for one test, closed with it. */
export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const discord = await createDiscord(options);
  onTestFinished(() => discord.close());
  return discord;
}

export interface Bot {
  readonly client: Client;
  /** What the handler threw, or what discord.js reported. */
  readonly errors: unknown[];
}

/** The unmodified discord.js client, logged in, with a handler for interactions. */
export async function startBot(
  discord: Discord,
  handle: (interaction: Interaction) => Promise<unknown>,
): Promise<Bot> {
  const errors: unknown[] = [];
  const client = new Client({
    intents: [],
    rest: { api: discord.url },
    allowedMentions: { parse: [] },
  });
  onTestFinished(() => client.destroy());
  client.on(Events.Error, (error) => errors.push(error));
  client.on(Events.InteractionCreate, (interaction) => {
    handle(interaction).catch((error: unknown) => errors.push(error));
  });
  await client.login(discord.token);
  await discord.until(() => client.isReady(), { what: 'the client to be ready' });
  return { client, errors };
}

export function createRest(discord: Discord, token = discord.token): REST {
  return new REST({ api: discord.url, retries: 0 }).setToken(token);
}

/** Registers `/imagine prompt` and the given commands. */
export async function register(discord: Discord, ...commands: object[]): Promise<void> {
  const imagine = {
    name: 'imagine',
    description: 'Makes a picture',
    options: [{ type: 3, name: 'prompt', description: 'What to see', required: true, max_length: 50 }],
  };
  const body = [imagine, ...commands];
  await createRest(discord).put(Routes.applicationCommands(discord.applicationId), { body });
}

export function drawPicture(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
}

/** A request like any HTTP client's, to see the raw status and body. */
export async function send(
  discord: Discord,
  method: string,
  path: string,
  body?: unknown,
  files: Record<string, Blob> = {},
): Promise<{
  status: number;
  body: { code?: number; errors?: object; id?: string } & Record<string, unknown>;
}> {
  const form = new FormData();
  form.set('payload_json', JSON.stringify(body ?? {}));
  const hasFiles = Object.keys(files).length > 0;
  for (const [field, file] of Object.entries(files))
    form.set(field, file, file instanceof File ? file.name : 'picture.png');
  const response = await fetch(`${discord.url}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${discord.token}`,
      ...(body !== undefined && !hasFiles && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: hasFiles ? form : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } };
}
