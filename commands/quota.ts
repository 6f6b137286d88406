import { SlashCommandBuilder, type SlashCommandSubcommandBuilder } from '@discordjs/builders';
import { type ChatInputCommandInteraction, PermissionFlagsBits } from 'discord.js';
import { cutText } from '../src/clean-text.ts';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { choice } from '../src/discord/options.ts';
import {
  toBudgetChange,
  toDefaultChange,
  toPersonChange,
  toRoleChange,
} from '../src/discord/render/changes.ts';
import { renderHistory, renderOverview, renderReset, renderStatement } from '../src/discord/render/points.ts';
import { renderRanking } from '../src/discord/render/ranking.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';
import { mostBudget, mostPoints, type Named } from '../src/points/administration.ts';
import { monthAt, type PeriodUnit, periodUnits, timeZones } from '../src/points/period.ts';
import { rankingSpans } from '../src/service/book-reports.ts';

const { say } = english;
const noteLimit = 200;
/** As in `2026-11`. */
const monthLength = 7;
const suggestedMonths = 24;
const resets = ['spending', 'grants'] as const;
type Reset = (typeof resets)[number];

/** A subcommand: how Discord knows it, and what it does. */
interface Subcommand {
  describe(subcommand: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder;
  execute(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
}

const show: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.show.description'))
      .addUserOption((option) =>
        option.setName('person').setDescription(say('command.quota.show.option.person')),
      ),
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
      .setDescription(say('command.quota.grant.description'))
      .addUserOption((option) =>
        option.setName('person').setDescription(say('command.quota.grant.option.person')).setRequired(true),
      )
      .addIntegerOption((option) =>
        option
          .setName('points')
          .setDescription(say('command.quota.grant.option.points'))
          .setMinValue(1)
          .setMaxValue(mostPoints)
          .setRequired(true),
      )
      .addStringOption((option) =>
        option.setName('note').setDescription(say('command.quota.grant.option.note')).setMaxLength(noteLimit),
      ),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const person = readPerson(interaction, context);
    const points = readNumber(interaction, 'points') ?? 0;
    const note = cutText(interaction.options.getString('note') ?? '', noteLimit) || undefined;
    const act = { interactionId: interaction.id, note };
    const statement = await administration.grant(caller.asker, person, points, act);
    await replyPrivately({
      content: words.say('quota.granted', { count: points }),
      ...renderStatement(statement, words, { userId: person.userId }),
    });
  },
};

const set: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.set.description'))
      .addUserOption((option) =>
        option.setName('person').setDescription(say('command.quota.set.option.person')).setRequired(true),
      )
      .addIntegerOption((option) =>
        option
          .setName('points')
          .setDescription(say('command.quota.set.option.points'))
          .setMinValue(0)
          .setMaxValue(mostPoints),
      )
      .addBooleanOption((option) =>
        option.setName('unlimited').setDescription(say('command.quota.set.option.unlimited')),
      ),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const person = readPerson(interaction, context);
    const points = readNumber(interaction, 'points');
    const isUnlimited = interaction.options.getBoolean('unlimited') ?? false;
    if (points !== undefined && isUnlimited) throw new UserError('limit-contradictory');
    const allowance = isUnlimited ? 'unlimited' : points;
    const statement = await administration.setPerson(caller.asker, person, allowance);
    await replyPrivately({
      content: toPersonChange(statement, allowance !== undefined, words),
      ...renderStatement(statement, words, { userId: person.userId }),
    });
  },
};

const reset: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.reset.description'))
      .addUserOption((option) =>
        option.setName('person').setDescription(say('command.quota.reset.option.person')).setRequired(true),
      )
      .addStringOption((option) =>
        option
          .setName('what')
          .setDescription(say('command.quota.reset.option.what'))
          .addChoices(
            ...resets.map((value) => ({ name: say(`command.quota.reset.choice.${value}`), value })),
          ),
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
      .setDescription(say('command.quota.role.description'))
      .addRoleOption((option) =>
        option.setName('role').setDescription(say('command.quota.role.option.role')).setRequired(true),
      )
      .addIntegerOption((option) =>
        option
          .setName('points')
          .setDescription(say('command.quota.role.option.points'))
          .setMinValue(0)
          .setMaxValue(mostPoints),
      ),
  async execute(interaction, { administration, caller, words, replyPrivately }) {
    const { id } = interaction.options.getRole('role', true);
    const points = readNumber(interaction, 'points');
    const overview = await administration.setRole(caller.asker, id, points);
    await replyPrivately(
      renderOverview(overview, words, toRoleChange({ roleId: id, points }, overview.before, words)),
    );
  },
};

const everybody: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.default.description'))
      .addIntegerOption((option) =>
        option
          .setName('points')
          .setDescription(say('command.quota.default.option.points'))
          .setMinValue(0)
          .setMaxValue(mostPoints),
      )
      .addStringOption((option) =>
        option
          .setName('period')
          .setDescription(say('command.quota.default.option.period'))
          .addChoices(
            ...periodUnits.map((value) => ({ name: say(`command.quota.default.choice.${value}`), value })),
          ),
      )
      .addStringOption((option) =>
        option
          .setName('time_zone')
          .setDescription(say('command.quota.default.option.time_zone'))
          .setAutocomplete(true),
      ),
  async execute(interaction, { administration, caller, words, replyPrivately }) {
    const period = periodUnits.find((unit) => unit === interaction.options.getString('period'));
    const overview = await administration.setDefault(caller.asker, {
      points: readNumber(interaction, 'points'),
      period: period as PeriodUnit | undefined,
      timeZone: interaction.options.getString('time_zone') ?? undefined,
    });
    await replyPrivately(renderOverview(overview, words, toDefaultChange(overview, words)));
  },
};

const server: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.server.description'))
      .addIntegerOption((option) =>
        option
          .setName('budget')
          .setDescription(say('command.quota.server.option.budget'))
          .setMinValue(0)
          .setMaxValue(mostBudget),
      )
      .addBooleanOption((option) =>
        option.setName('unlimited').setDescription(say('command.quota.server.option.unlimited')),
      ),
  async execute(interaction, { administration, caller, words, replyPrivately }) {
    const budget = readNumber(interaction, 'budget');
    const isUnlimited = interaction.options.getBoolean('unlimited') ?? false;
    if (budget === undefined && !isUnlimited)
      return replyPrivately(renderOverview(await administration.overview(caller.asker), words));
    if (budget !== undefined && isUnlimited) throw new UserError('limit-contradictory');
    const overview = await administration.setBudget(caller.asker, budget);
    await replyPrivately(renderOverview(overview, words, toBudgetChange(overview, words)));
  },
};

const history: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.history.description'))
      .addUserOption((option) =>
        option.setName('person').setDescription(say('command.quota.history.option.person')).setRequired(true),
      )
      .addIntegerOption((option) =>
        option.setName('page').setDescription(say('command.quota.history.option.page')).setMinValue(1),
      ),
  async execute(interaction, context) {
    const { administration, caller, words, replyPrivately } = context;
    const { userId } = readPerson(interaction, context);
    const page = readNumber(interaction, 'page') ?? 1;
    await replyPrivately(renderHistory(await administration.history(caller.asker, userId, page), words));
  },
};

const top: Subcommand = {
  describe: (subcommand) =>
    subcommand.setDescription(say('command.quota.top.description')).addStringOption((option) =>
      option
        .setName('when')
        .setDescription(say('command.quota.top.option.when'))
        .addChoices(
          ...rankingSpans.map((value) => ({ name: say(`command.quota.top.choice.${value}`), value })),
        ),
    ),
  async execute(interaction, { bookReports, caller, words, replyPrivatelyWith }) {
    const when = interaction.options.getString('when');
    const span = rankingSpans.find((known) => known === when) ?? 'period';
    await bookReports.requireReader(caller.asker);
    await replyPrivatelyWith(async () => ({
      message: renderRanking(await bookReports.rank(caller.asker, span), words),
      files: [],
    }));
  },
};

const exportLedger: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.quota.export.description'))
      .addStringOption((option) =>
        option
          .setName('month')
          .setDescription(say('command.quota.export.option.month'))
          .setMaxLength(monthLength)
          .setAutocomplete(true),
      ),
  async execute(interaction, { bookReports, caller, words, replyPrivatelyWith }) {
    const month = interaction.options.getString('month') ?? undefined;
    const mostBytes = caller.origin.place.uploadLimitBytes;
    await bookReports.requireReader(caller.asker);
    await replyPrivatelyWith(async () => {
      const { name, bytes } = await bookReports.exportLedger(caller.asker, { month, mostBytes });
      const content = words.say('quota.exported');
      return { message: { content }, files: [{ name, data: bytes }] };
    });
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
  top,
  export: exportLedger,
};

const data = new SlashCommandBuilder()
  .setName('quota')
  .setDescription(say('command.quota.description'))
  .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild);
for (const [name, { describe }] of Object.entries(subcommands))
  data.addSubcommand((subcommand) => describe(subcommand.setName(name)));

export const quota: Command = {
  data,
  async execute(interaction, context) {
    await (subcommands[interaction.options.getSubcommand()] ?? show).execute(interaction, context);
  },
  async complete(interaction) {
    const { name, value } = interaction.options.getFocused(true);
    const typed = value.toLowerCase();
    const known = name === 'month' ? listMonths(interaction.createdTimestamp) : timeZones;
    return known.filter((one) => one.toLowerCase().includes(typed)).map(choice);
  },
};

/** The last two years of months, newest first. */
function listMonths(now: number): string[] {
  const months = [monthAt(now)];
  while (months.length < suggestedMonths) months.push(monthAt((months.at(-1)?.startsAt ?? now) - 1));
  return months.map(({ key }) => key);
}

function readPerson({ options }: ChatInputCommandInteraction, { caller }: CommandContext): Named {
  return caller.named(options.getUser('person', true));
}

/** A script can send anything as an integer: what isn't a number becomes NaN, which is refused. */
function readNumber({ options }: ChatInputCommandInteraction, name: string): number | undefined {
  const value = options.get(name)?.value;
  if (value === undefined) return undefined;
  return typeof value === 'number' ? value : Number.NaN;
}
