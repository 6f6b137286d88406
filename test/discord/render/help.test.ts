import { describe, expect, it } from 'vitest';
import { commands, messageCommands } from '../../../commands/index.ts';
import { renderHelp } from '../../../src/discord/render/help.ts';
import { english } from '../../../src/locales/index.ts';
import type { Statement } from '../../../src/points/bookings.ts';
import { directBook } from '../../../src/points/policy.ts';
import { defaultLimits } from '../../../src/points/server-rules.ts';
import { versions } from '../../../src/prompt/models.ts';
import type { PriceSheet } from '../../../src/service/price-view.ts';
import { startActions } from '../../../src/task.ts';
import { aCaller } from '../../helpers/tasks.ts';

const { asker } = aCaller();
const statement: Statement = {
  allowance: 2_000,
  source: 'everybody',
  spent: 100,
  granted: 0,
  left: 1_900,
  unit: 'week',
  limits: defaultLimits,
  refillsAt: 1_764_000_000_000,
};
const everything: PriceSheet = {
  accounts: ['main'],
  points: startActions.map((action) => [action, 100] as const),
  percents: [],
};

function help(changes: Partial<Parameters<typeof renderHelp>[0]> = {}) {
  const [embed] =
    renderHelp({ statement, prices: [everything], versions, asker, hasSeeds: true, ...changes }, english)
      .embeds ?? [];
  const { description = '', fields = [] } = embed ?? {};
  return {
    named: [...description.matchAll(/^`\/([a-z ]+)` /gm)].map(([, name]) => name),
    values: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    length: [description, ...fields.flatMap(({ name, value }) => [name, value])].join('').length,
  };
}

describe('/help', () => {
  it('names every command to people who may use all of them', () => {
    const { named } = help({ asker: { ...asker, isAdministrator: true } });
    const roots = new Set(named.map((name) => name?.split(' ')[0]));
    expect([...roots].toSorted()).toEqual(commands.map(({ data }) => data.name).toSorted());
  });

  it('names every command in the menu of a message that works here', () => {
    const listed = (menu = '') => [...menu.matchAll(/^\*\*(.+?)\*\* /gm)].map(([, name]) => name);
    expect(listed(help().values['On a message'])).toEqual(messageCommands.map(({ data }) => data.name));
    const onlyImagine: PriceSheet = { ...everything, points: [['imagine', 100]] };
    const few = ['Use as reference', 'Imagine again', 'Task details'];
    expect(listed(help({ prices: [onlyImagine] }).values['On a message'])).toEqual(few);
  });

  it('says so if somebody may spend without a limit, and names that of the server', () => {
    const endless = {
      allowance: Number.POSITIVE_INFINITY,
      left: Number.POSITIVE_INFINITY,
      source: 'person',
    } as const;
    const budget = { budget: 1_000, spent: 400, endsAt: 1_764_000_000_000 };
    const points = help({ statement: { ...statement, ...endless, budget } }).values['Your points'];
    expect(points).toContain('no limit of their own.\nThis server has 600 points left this month.');
    expect(points).not.toMatch(/∞|refills/u);
  });

  it('leaves out what nobody here can do, and what the asker may not do', () => {
    const onlyImagine: PriceSheet = { ...everything, points: [['imagine', 100]] };
    const { named } = help({ prices: [onlyImagine], hasSeeds: false });
    expect(named).toContain('imagine');
    for (const name of ['blend', 'video', 'swap', 'quota', 'settings', 'task seed'])
      expect(named).not.toContain(name);
  });

  it('has the prices here, what is left, the limits, and whom to ask for more', () => {
    const { values } = help();
    expect(values['Prices']).toMatch(/^\*\*100 points:\*\* Imagine, Blend/u);
    expect(values['Your points']).toBe(
      'You have 1,900 points left. Your allowance refills <t:1764000000:R>.\nYou can have 3 tasks running and 10 waiting at a time.',
    );
    expect(values['Need more?']).toContain('/quota');
    const direct = help({
      asker: { ...asker, book: directBook },
      statement: { ...statement, source: 'none', left: 7 },
    });
    expect(direct.values['Your points']).toContain('You have 7 points left. They never expire.');
    expect(direct.values['Need more?']).toContain("bot's operator");
  });

  it('says which versions there are, unless nothing can be made with one', () => {
    expect(help({ versions: ['8.2', '7', 'niji 7'] }).values['Versions']).toMatch(
      /^`\/imagine` takes versions 8\.2, 7, and niji 7\./,
    );
    expect(help({ versions: ['7'] }).values['Versions']).toMatch(/^`\/imagine` takes version 7\. /);
    const noImagine: PriceSheet = { ...everything, points: [['describe', 100]] };
    expect(help({ prices: [noImagine] }).values['Versions']).toBeUndefined();
  });

  it('says what a server with a limit has left, and never less than nothing', () => {
    const budget = { budget: 5_000, spent: 4_400, endsAt: 0 };
    expect(help({ statement: { ...statement, budget } }).values['Your points']).toContain(
      'This server has 600 points left',
    );
    const over = { ...budget, spent: 6_000 };
    expect(help({ statement: { ...statement, budget: over } }).values['Your points']).toContain(
      'This server has 0 points left',
    );
  });

  it('fits into a message, however many price lists there are', () => {
    const sheets = Array.from({ length: 20 }, (_, index) => ({
      ...everything,
      accounts: [`account-${index}`.repeat(20)],
    }));
    expect(help({ prices: sheets, asker: { ...asker, isAdministrator: true } }).length).toBeLessThan(6_000);
  });
});
