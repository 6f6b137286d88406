import type { Channel, Discord, Person } from '../sandbox/discord/index.ts';
import { createSandbox } from '../sandbox/index.ts';
import { pictureOf, startAttack } from './attackers.ts';
import type { Figure, Section } from './figures.ts';
import { createProcessMeter } from './process-meter.ts';
import { maximum, percentile } from './statistics.ts';

const slowCallers = 300;
const mebibyte = 1024 ** 2;

/** How well the bot works for one person while two others send the worst they can. */
export async function measureAttack({ seconds }: { seconds: number }): Promise<Section> {
  // A grid in about a second; small pictures, because drawing them shares this machine.
  const provider = { pace: 0.02, pictureHeight: 64, taskTimeoutMs: 3_600_000 };
  const sandbox = await createSandbox({ kind: '4allapi', callbacks: true, provider });
  try {
    await sandbox.deploy();
    const bot = await sandbox.startBot({ POLL_FIRST_MS: '500', POLL_MIN_MS: '500', POLL_MAX_MS: '2000' });
    const { discord, publicUrl } = sandbox;
    const place = await invite(discord);
    const meter = createProcessMeter(bot.process.pid ?? 0);
    const alone = await useBot(discord, place.third, place.channel, Math.min(10, seconds));
    const attack = await startAttack({ discord, ...place, publicUrl, slowCallers });
    meter.start();
    const attacked = await useBot(discord, place.third, place.channel, seconds);
    const usage = meter.stop();
    const counts = await attack.stop();
    return {
      title: `attack, two people and ${slowCallers} slow callers for ${seconds} s`,
      figures: [
        ...toFigures('alone', alone),
        ...toFigures('attacked', attacked, 1_000),
        { name: 'bot: CPU', value: usage.cores, unit: 'cores' },
        { name: 'bot: resident memory, max', value: usage.maxResidentBytes / mebibyte, unit: 'MiB' },
        ...Object.entries(counts).map(([name, value]) => ({ name: `sent: ${name}`, value, unit: '' })),
      ],
    };
  } finally {
    await sandbox.close();
  }
}

export interface Place {
  readonly channel: Channel;
  readonly attackers: readonly Person[];
  readonly third: Person;
}

/** Two attackers and another person in a server where nobody runs out of points. */
export async function invite(discord: Discord): Promise<Place> {
  const { world } = discord;
  const channel = world.channels.general;
  const join = (name: string) => world.addPerson({ name, guilds: [world.guild] });
  const options = { points: 100_000, period: 'week' };
  const person = world.people.administrator;
  const generous = await discord.run({ person, channel, command: 'quota', subcommand: 'default', options });
  await generous.acknowledged;
  return { channel, attackers: [join('mallory'), join('eve')], third: join('alice') };
}

/** How each of a person's `/imagine` went. */
export interface Use {
  /** Milliseconds until it was acknowledged. */
  readonly acknowledgedAfter: readonly number[];
  readonly deliveredAfter: readonly number[];
}

/** Asks for one picture after another, for that long. Throws if one isn't acknowledged in Discord's time, or never comes. */
export async function useBot(
  discord: Discord,
  person: Person,
  channel: Channel,
  seconds: number,
): Promise<Use> {
  const acknowledgedAfter: number[] = [];
  const deliveredAfter: number[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  for (let turn = 1; performance.now() < endsAt; turn += 1) {
    const start = performance.now();
    const options = { prompt: `a lighthouse at dusk, number ${turn} of ${seconds}` };
    const interaction = await discord.run({ person, channel, command: 'imagine', options });
    acknowledgedAfter.push((await interaction.acknowledged).afterMs);
    await pictureOf(discord, interaction);
    deliveredAfter.push(performance.now() - start);
  }
  return { acknowledgedAfter, deliveredAfter };
}

function toFigures(who: string, { acknowledgedAfter, deliveredAfter }: Use, mostMs?: number): Figure[] {
  return [
    { name: `${who}: delivered`, value: deliveredAfter.length, unit: '' },
    { name: `${who}: acknowledged, p50`, value: percentile(acknowledgedAfter, 0.5), unit: 'ms' },
    {
      name: `${who}: acknowledged, max`,
      value: maximum(acknowledgedAfter),
      unit: 'ms',
      ...(mostMs !== undefined && { goal: { is: 'at most', value: mostMs } }),
    },
    { name: `${who}: delivered, p50`, value: percentile(deliveredAfter, 0.5), unit: 'ms' },
    { name: `${who}: delivered, max`, value: maximum(deliveredAfter), unit: 'ms' },
  ];
}
