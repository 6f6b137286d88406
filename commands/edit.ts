import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, CommandContext } from '../src/discord/command.ts';
import {
  choice,
  readChoice,
  readPictures,
  readSpeed,
  toInputPictures,
  toPrivateOption,
} from '../src/discord/options.ts';
import { askToPaint } from '../src/discord/region-presses.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';
import { findOverridden, maxPromptLength, takeSpeed } from '../src/prompt/compose.ts';
import { composeEdit, pictureRoles } from '../src/prompt/edit-model.ts';
import { type InputPicture, speeds } from '../src/task.ts';

const { say } = english;
/** The pictures besides the edited one, and what each of them is for. */
const others = [
  { image: 'image2', role: 'role2' },
  { image: 'image3', role: 'role3' },
  { image: 'image4', role: 'role4' },
] as const;

const data = new SlashCommandBuilder()
  .setName('edit')
  .setDescription(say('command.edit.description'))
  .addAttachmentOption((option) =>
    option.setName('image').setDescription(say('command.edit.option.image')).setRequired(true),
  )
  .addStringOption((option) =>
    option
      .setName('prompt')
      .setDescription(say('command.edit.option.prompt'))
      .setRequired(true)
      .setMaxLength(maxPromptLength),
  );
for (const { image, role } of others)
  data
    .addAttachmentOption((option) => option.setName(image).setDescription(say('command.edit.option.more')))
    .addStringOption((option) =>
      option
        .setName(role)
        .setDescription(say('command.edit.option.role', { image }))
        .addChoices(...pictureRoles.map((value) => ({ name: say(`command.edit.role.${value}`), value }))),
    );
data
  .addStringOption((option) => option.setName('aspect').setDescription(say('command.edit.option.aspect')))
  .addAttachmentOption((option) => option.setName('mask').setDescription(say('command.edit.option.mask')))
  .addBooleanOption((option) => option.setName('paint').setDescription(say('command.edit.option.paint')))
  .addStringOption((option) =>
    option
      .setName('speed')
      .setDescription(say('command.edit.option.speed'))
      .addChoices(...speeds.map(choice)),
  )
  .addBooleanOption(toPrivateOption);

export const edit: Command = {
  data,

  async execute(interaction, context) {
    const { service, preferences, caller, acknowledge } = context;
    if (interaction.options.getBoolean('paint') === true) return paint(interaction, context);
    const { speed: usual = 'fast' } = await preferences.read(caller.userId);
    const pictures = readEdited(interaction);
    const typed = interaction.options.getString('prompt', true);
    const aspect = interaction.options.getString('aspect') ?? undefined;
    const chosen = readSpeed(interaction);
    const { text, speed = usual } = takeSpeed(typed, chosen);
    const set = { speed: chosen, ...(aspect === undefined ? {} : { aspect }) };
    const overridden = findOverridden(typed, set);
    const [mask] = readPictures(interaction, 'mask');
    const prompt = composeEdit(text, pictures.length, aspect);
    const request = { action: 'edit', prompt, speed, pictures, overridden } as const;
    const region = mask === undefined ? {} : { region: { cells: [], picture: mask } };
    await acknowledge(await service.start({ ...request, ...region }, caller));
  },
};

/** What is typed goes to the page as it is, where its person sees all of it before they submit it. */
async function paint(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const { options } = interaction;
  if (options.getAttachment('mask') !== null) throw new UserError('mask-twice');
  const { speed: usual = 'fast' } = await context.preferences.read(context.caller.userId);
  const pictures = readEdited(interaction);
  const aspect = options.getString('aspect') ?? undefined;
  const prompt = composeEdit(options.getString('prompt', true), pictures.length, aspect);
  const request = { action: 'edit', prompt, speed: readSpeed(interaction) ?? usual, pictures } as const;
  return askToPaint({ request }, context);
}

/** The edited picture first. Throws a `UserError` for a role without its picture. */
function readEdited(interaction: ChatInputCommandInteraction): InputPicture[] {
  const { options } = interaction;
  const used = others.flatMap(({ image, role }) => {
    const file = options.getAttachment(image);
    const value = readChoice(interaction, role, pictureRoles);
    if (file === null && value !== undefined) throw new UserError('role-without-picture', { role, image });
    return file === null ? [] : [{ file, isStyle: value === 'style' }];
  });
  const edited = options.getAttachment('image', true);
  return toInputPictures([edited, ...used.map(({ file }) => file)]).map((picture, index) =>
    used[index - 1]?.isStyle === true ? { ...picture, role: 'style' } : picture,
  );
}
