import { ApplicationCommandOptionType as OptionType } from 'discord-api-types/v10';
import type { Discord } from '../discord/index.ts';

/**
 * Once the bot has a command for it, the administrator blocks one of the members, so that people can try what a
 * blocked member sees. Returns true if there was such a command.
 */
export async function blockMember(discord: Discord): Promise<boolean> {
  const { people, channels, guild } = discord.world;
  const command = [...discord.commands(guild.id), ...discord.commands()].find(({ name }) => name === 'block');
  const add = command?.options?.find(({ name }) => name === 'add');
  if (add?.type !== OptionType.Subcommand) return false;
  const who = add.options?.find(({ type }) => type === OptionType.User);
  if (!who) return false;
  await discord.run({
    person: people.administrator,
    channel: channels.general,
    command: 'block',
    subcommand: 'add',
    options: { [who.name]: people.blocked },
  });
  return true;
}
