import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Interaction, TrafficEvent } from './discord/index.ts';
import { createSandbox, type Sandbox } from './index.ts';
import { nameMessage, tellCall } from './page/traffic-words.ts';
import type { StandInEvent } from './providers/stand-in.ts';

/** A tenth of Midjourney's times. */
const pace = 0.1;
const folder = resolve('sandbox-data');

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const startedAt = Date.now();
function line(who: string, text: string): void {
  say(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${who.padEnd(8)}  ${text}`);
}

/** One line for something that people and the bot say to each other. */
function tellDiscord(event: TrafficEvent, nameOf: (id: string) => string): void {
  if (event.type === 'interaction') line(event.interaction.person.name, event.interaction.summary);
  if (event.type === 'acknowledged') line('bot', `answers within ${event.afterMs} ms`);
  if (event.type === 'message-edited') {
    const [embed] = event.message.embeds;
    const progress = /▰*▱* ?\d+ ?%/u.exec(embed?.description ?? '')?.[0];
    const files = event.message.attachments.map(({ name }) => name).join(', ');
    line(
      'bot',
      `shows "${nameMessage(event.message, nameOf)}"${progress === undefined ? '' : ` ${progress}`}${files && ` with ${files}`}`,
    );
  }
}

/** One line for what the provider receives and does. */
function tellProvider(event: StandInEvent): void {
  if (event.type === 'submit') line('provider', `accepts ${event.submit.kind} ${event.submit.taskId}`);
  if (event.type === 'task' && event.task.finishedAt !== undefined)
    line('provider', `${event.task.status} ${event.task.id}`);
  if (event.type === 'callback') line('provider', tellCall(event.call));
}

/** Saves a reply's picture, so people can look at it. */
async function savePicture(sandbox: Sandbox, interaction: Interaction): Promise<string> {
  const read = () => interaction.message?.attachments[0];
  const attachment = await sandbox.discord.until(read, { what: 'a picture', timeoutMs: 300_000 });
  // Two pictures of one prompt have the same name.
  const file = join(folder, 'pictures', `${attachment.id}-${basename(attachment.name)}`);
  await writeFile(file, attachment.bytes);
  line('sandbox', `saved ${file}`);
  return file;
}

/** Goes from a command to two pictures, prints what happens, and ends. */
export async function runTranscript(): Promise<void> {
  await mkdir(join(folder, 'pictures'), { recursive: true });
  const sandbox = await createSandbox({ provider: { pace } });
  const nameOf = (id: string) => sandbox.discord.world.findPerson(id)?.name ?? 'somebody';
  sandbox.discord.on((event) => tellDiscord(event, nameOf));
  sandbox.provider.on(tellProvider);
  try {
    await tell(sandbox);
  } finally {
    await sandbox.close();
  }
}

async function tell(sandbox: Sandbox): Promise<void> {
  await sandbox.deploy();
  line('bot', 'registered its commands');
  await sandbox.startBot();
  line('bot', 'is ready');

  const { people, channels } = sandbox.discord.world;
  const asked = await sandbox.discord.run({
    person: people.member,
    channel: channels.general,
    command: 'imagine',
    options: { prompt: 'a lighthouse on a cliff at dusk', aspect: '3:2' },
  });
  await savePicture(sandbox, asked);
  const pressed = await sandbox.discord.click({
    person: people.otherMember,
    message: asked.message ?? '',
    label: 'U2',
  });
  await savePicture(sandbox, pressed);
}
