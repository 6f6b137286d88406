import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, PricedAccount } from '../src/discord/command.ts';
import { choice, readChoice, readPictures, readSpeed } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';
import { priceOf } from '../src/points/prices.ts';
import { composePrompt, maxPromptLength, takeSpeed } from '../src/prompt/compose.ts';
import { speeds, type TaskOptions } from '../src/task.ts';

const { say } = english;
const motions = ['low', 'high'] as const;
const resolutions = ['480p', '720p'] as const;

/** For 800 points, or from 400 to 800 if the accounts differ; and for those of 720 lines, if they cost more. */
function describe(accounts: readonly PricedAccount[] = []) {
  const able = accounts.filter(({ actions }) => actions.has('video'));
  const listOf = (resolution: '480p' | '720p') =>
    able.map(({ prices }) => priceOf(prices, { action: 'video', speed: 'fast', options: { resolution } }));
  const [usual, tall] = [toRange(listOf('480p')), toRange(listOf('720p'))];
  const isTallDearer = tall !== undefined && usual !== undefined && tall.most > usual.most;
  const description =
    usual === undefined ? say('command.video.description') : say('command.video.description.priced', usual);
  return build(
    description,
    isTallDearer
      ? say('command.video.option.resolution.priced', tall)
      : say('command.video.option.resolution'),
  );
}

function toRange(prices: readonly number[]) {
  if (prices.length === 0) return undefined;
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  return { least, most, range: least === most ? 'one' : 'other' } as const;
}

const build = (description: string, resolution: string) =>
  new SlashCommandBuilder()
    .setName('video')
    .setDescription(description)
    .addAttachmentOption((option) =>
      option.setName('image').setDescription(say('command.video.option.image')).setRequired(true),
    )
    .addStringOption((option) =>
      option
        .setName('prompt')
        .setDescription(say('command.video.option.prompt'))
        .setMaxLength(maxPromptLength),
    )
    .addStringOption((option) =>
      option
        .setName('motion')
        .setDescription(say('command.video.option.motion'))
        .addChoices(...motions.map(choice)),
    )
    .addStringOption((option) =>
      option
        .setName('speed')
        .setDescription(say('command.video.option.speed'))
        .addChoices(...speeds.map(choice)),
    )
    .addBooleanOption((option) => option.setName('loop').setDescription(say('command.video.option.loop')))
    .addAttachmentOption((option) =>
      option.setName('end_image').setDescription(say('command.video.option.end_image')),
    )
    .addStringOption((option) =>
      option
        .setName('resolution')
        .setDescription(resolution)
        .addChoices(...resolutions.map(choice)),
    );

export const video: Command = {
  data: describe(),
  describe,

  async execute(interaction, { service, preferences, caller, acknowledge }) {
    const { speed: usual = 'fast' } = await preferences.read(caller.userId);
    const pictures = readPictures(interaction, 'image', 'end_image');
    const { text, speed = usual } = takeSpeed(
      interaction.options.getString('prompt') ?? '',
      readSpeed(interaction),
    );
    const prompt = composePrompt(text, {}, pictures.length);
    const options = readOptions(interaction);
    const request = { action: 'video', prompt, speed, pictures, options } as const;
    await acknowledge(await service.start(request, caller));
  },
};

function readOptions(interaction: ChatInputCommandInteraction): TaskOptions {
  const motion = readChoice(interaction, 'motion', motions);
  const resolution = readChoice(interaction, 'resolution', resolutions);
  return {
    ...(motion === undefined ? {} : { motion }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(interaction.options.getBoolean('loop') === true ? { isLoop: true } : {}),
  };
}
