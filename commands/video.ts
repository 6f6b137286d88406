import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, PricedAccount } from '../src/discord/command.ts';
import { choice, readChoice, readPictures, readSpeed, toPrivateOption } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';
import { priceOf } from '../src/points/prices.ts';
import { composePrompt, findOverridden, maxPromptLength, takeSpeed } from '../src/prompt/compose.ts';
import { takeVideoFlags, videoClips, videoMotions } from '../src/prompt/video.ts';
import { speeds, type TaskOptions, videoResolutions } from '../src/task.ts';

const { say } = english;

/** For 800 points, or from 400 to 800 if the accounts differ; what costs something else than that says so. */
function describe(accounts: readonly PricedAccount[] = []) {
  const able = accounts.filter(({ actions }) => actions.has('video'));
  const rangeOf = (options: TaskOptions) =>
    toRange(able.map(({ prices }) => priceOf(prices, { action: 'video', speed: 'fast', options })));
  const [usual, tall, single] = [rangeOf({}), rangeOf({ resolution: '720p' }), rangeOf({ clips: 1 })];
  const isTallDearer = tall !== undefined && usual !== undefined && tall.most > usual.most;
  const isSingleCheaper = single !== undefined && usual !== undefined && single.least < usual.least;
  return build({
    description:
      usual === undefined ? say('command.video.description') : say('command.video.description.priced', usual),
    resolution: isTallDearer
      ? say('command.video.option.resolution.priced', tall)
      : say('command.video.option.resolution'),
    clips: isSingleCheaper
      ? say('command.video.option.clips.priced', single)
      : say('command.video.option.clips'),
  });
}

function toRange(prices: readonly number[]) {
  if (prices.length === 0) return undefined;
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  return { least, most, range: least === most ? 'one' : 'other' } as const;
}

const build = (told: { description: string; resolution: string; clips: string }) =>
  new SlashCommandBuilder()
    .setName('video')
    .setDescription(told.description)
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
        .addChoices(...videoMotions.map(choice)),
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
        .setDescription(told.resolution)
        .addChoices(...videoResolutions.map(choice)),
    )
    .addStringOption((option) =>
      option
        .setName('clips')
        .setDescription(told.clips)
        .addChoices(...videoClips.map(String).map(choice)),
    )
    .addBooleanOption(toPrivateOption);

export const video: Command = {
  data: describe(),
  describe,

  async execute(interaction, { service, preferences, caller, acknowledge }) {
    const { speed: usual = 'fast' } = await preferences.read(caller.userId);
    const pictures = readPictures(interaction, 'image', 'end_image');
    const typed = interaction.options.getString('prompt') ?? '';
    const chosen = readSpeed(interaction);
    const { text: words, options, overridden } = takeVideoFlags(typed, readOptions(interaction));
    const { text, speed = usual } = takeSpeed(words, chosen);
    const prompt = composePrompt(text, {}, pictures.length);
    const told = [...overridden, ...findOverridden(typed, { speed: chosen })];
    const request = { action: 'video', prompt, speed, pictures, options, overridden: told } as const;
    await acknowledge(await service.start(request, caller));
  },
};

function readOptions(interaction: ChatInputCommandInteraction): TaskOptions {
  const motion = readChoice(interaction, 'motion', videoMotions);
  const resolution = readChoice(interaction, 'resolution', videoResolutions);
  const count = readChoice(interaction, 'clips', ['1', '2', '4']);
  const clips = videoClips.find((one) => String(one) === count);
  return {
    ...(motion === undefined ? {} : { motion }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(clips === undefined ? {} : { clips }),
    ...(interaction.options.getBoolean('loop') === true ? { isLoop: true } : {}),
  };
}
