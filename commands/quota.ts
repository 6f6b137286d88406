import { SlashCommandBuilder, type SlashCommandSubcommandBuilder } from '@discordjs/builders';
import { type ChatInputCommandInteraction, PermissionFlagsBits } from 'discord.js';
import { cutText } from '../src/clean-text.ts';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { choice } from '../src/discord/options.ts';
import { renderHistory, renderOverview, renderReset, renderStatement } from '../src/discord/render/points.ts';
import { UserError } from '../src/errors.ts';
import { en } from '../src/locales/en.ts';
import { mostBudget, mostPoints, type Named } from '../src/points/administration.ts';
import { type PeriodUnit, periodUnits, timeZones } from '../src/points/period.ts';

const words = en.commands.quota;
const noteLimit = 200;
const resets = ['spending', 'grants'] as const;
type Reset = (typeof resets)[number];

/** A subcommand: how it is described to Discord, and what it does. */
interface Subcommand {
  describe(subcommand: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder;
  execute(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
}

const show: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.show)
      .addUserOption((option) => option.setName('person').setDescription(words.showPerson)),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const user = interaction.options.getUser('person');
    if (user === null)
      return replyPrivately(renderOverview(await administration.overview(caller.asker), words));
    const statement = await administration.statementOf(caller.asker, caller.named(user));
    await replyPrivately(renderStatement(statement, words, { userId: user.id }));
  },
};

const grant: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.grant)
      .addUserOption((option) => option.setName('person').setDescription(words.person).setRequired(true))
      .addIntegerOption((option) =>
        option
          .setName('points')
          .setDescription(words.grantPoints)
          .setMinValue(1)
          .setMaxValue(mostPoints)
          .setRequired(true),
      )
      .addStringOption((option) => option.setName('note').setDescription(words.note).setMaxLength(noteLimit)),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const person = readPerson(interaction, context);
    const points = readNumber(interaction, 'points') ?? 0;
    const note = cutText(interaction.options.getString('note') ?? '', noteLimit) || undefined;
    const act = { interactionId: interaction.id, note };
    const statement = await administration.grant(caller.asker, person, points, act);
    await replyPrivately({
      content: words.quota.granted(points),
      ...renderStatement(statement, words, { userId: person.userId }),
    });
  },
};

const set: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.set)
      .addUserOption((option) => option.setName('person').setDescription(words.person).setRequired(true))
      .addIntegerOption((option) =>
        option.setName('points').setDescription(words.setPoints).setMinValue(0).setMaxValue(mostPoints),
      ),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const person = readPerson(interaction, context);
    const points = readNumber(interaction, 'points');
    const statement = await administration.setPerson(caller.asker, person, points);
    await replyPrivately({
      content: words.quota.personSet(points),
      ...renderStatement(statement, words, { userId: person.userId }),
    });
  },
};

const reset: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.reset)
      .addUserOption((option) => option.setName('person').setDescription(words.person).setRequired(true))
      .addStringOption((option) =>
        option
          .setName('what')
          .setDescription(words.what)
          .addChoices(...resets.map((value) => ({ name: words.whats[value], value }))),
      ),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const person = readPerson(interaction, context);
    const what: Reset = resets.find((known) => known === interaction.options.getString('what')) ?? 'spending';
    const act = { interactionId: interaction.id };
    const outcome = await administration.reset(caller.asker, person, what, act);
    await replyPrivately(renderReset(outcome, what, words, person.userId));
  },
};

const role: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.role)
      .addRoleOption((option) => option.setName('role').setDescription(words.roleRole).setRequired(true))
      .addIntegerOption((option) =>
        option.setName('points').setDescription(words.rolePoints).setMinValue(0).setMaxValue(mostPoints),
      ),
  async execute(interaction, { administration, caller, words, replyPrivately }) {
    const { id } = interaction.options.getRole('role', true);
    const points = readNumber(interaction, 'points');
    const overview = await administration.setRole(caller.asker, id, points);
    await replyPrivately(renderOverview(overview, words, words.quota.roleSet(id, points)));
  },
};

const everybody: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.default)
      .addIntegerOption((option) =>
        option.setName('points').setDescription(words.defaultPoints).setMinValue(0).setMaxValue(mostPoints),
      )
      .addStringOption((option) =>
        option
          .setName('period')
          .setDescription(words.period)
          .addChoices(...periodUnits.map((value) => ({ name: words.periods[value], value }))),
      )
      .addStringOption((option) =>
        option.setName('time_zone').setDescription(words.timeZone).setAutocomplete(true),
      ),
  async execute(interaction, { administration, caller, words, replyPrivately }) {
    const period = periodUnits.find((unit) => unit === interaction.options.getString('period'));
    const overview = await administration.setDefault(caller.asker, {
      points: readNumber(interaction, 'points'),
      period: period as PeriodUnit | undefined,
      timeZone: interaction.options.getString('time_zone') ?? undefined,
    });
    await replyPrivately(renderOverview(overview, words, words.quota.defaultSet(period !== undefined)));
  },
};

const server: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.server)
      .addIntegerOption((option) =>
        option.setName('budget').setDescription(words.budget).setMinValue(0).setMaxValue(mostBudget),
      )
      .addBooleanOption((option) => option.setName('unlimited').setDescription(words.unlimited)),
  async execute(interaction, { administration, caller, words, replyPrivately }) {
    const budget = readNumber(interaction, 'budget');
    const isUnlimited = interaction.options.getBoolean('unlimited') ?? false;
    if (budget === undefined && !isUnlimited)
      return replyPrivately(renderOverview(await administration.overview(caller.asker), words));
    if (budget !== undefined && isUnlimited) throw new UserError('limit-contradictory');
    const overview = await administration.setBudget(caller.asker, budget);
    const isSpent = overview.budget !== undefined && overview.spent >= overview.budget;
    const { budgetSet, budgetSpent } = words.quota;
    await replyPrivately(renderOverview(overview, words, isSpent ? budgetSpent(overview.spent) : budgetSet));
  },
};

const history: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(words.history)
      .addUserOption((option) => option.setName('person').setDescription(words.person).setRequired(true))
      .addIntegerOption((option) => option.setName('page').setDescription(words.page).setMinValue(1)),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const { userId } = readPerson(interaction, context);
    const page = readNumber(interaction, 'page') ?? 1;
    await replyPrivately(renderHistory(await administration.history(caller.asker, userId, page), words));
  },
};

const subcommands: Readonly<Record<string, Subcommand>> = {
  show,
  grant,
  set,
  reset,
  role,
  default: everybody,
  server,
  history,
};

const data = new SlashCommandBuilder()
  .setName('quota')
  .setDescription(words.description)
  .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild);
for (const [name, { describe }] of Object.entries(subcommands))
  data.addSubcommand((subcommand) => describe(subcommand.setName(name)));

export const quota: Command = {
  data,
  async execute(interaction, context) {
    await (subcommands[interaction.options.getSubcommand()] ?? show).execute(interaction, context);
  },
  async complete(interaction) {
    const typed = interaction.options.getFocused().toLowerCase();
    return timeZones.filter((name) => name.toLowerCase().includes(typed)).map(choice);
  },
};

function readPerson({ options }: ChatInputCommandInteraction, { caller }: CommandContext): Named {
  return caller.named(options.getUser('person', true));
}

/** Discord checks integers, but not what a script sends: what is none becomes one that is refused. */
function readNumber({ options }: ChatInputCommandInteraction, name: string): number | undefined {
  const value = options.get(name)?.value;
  if (value === undefined) return undefined;
  return typeof value === 'number' ? value : Number.NaN;
}
