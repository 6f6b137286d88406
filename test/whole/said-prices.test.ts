import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { buttonsOf, type Interaction, type Message, type Person } from '../../sandbox/discord/index.ts';
import { kinds } from '../../sandbox/index.ts';
import { groupOf } from '../../src/discord/render/groups.ts';
import { english } from '../../src/locales/index.ts';
import type { Action } from '../../src/task.ts';
import { textOf, useSharedSandbox } from '../helpers/whole.ts';

/** What people call groups of buttons. */
const families: readonly [RegExp, string][] = [
  [/^upscale$/, 'U1–U4'],
  [/^variation$/, 'V1–V4'],
  [/^vary-/, 'Vary'],
  [/^(?:redo-)?upscale-|^enlarge$/, 'Upscale'],
  [/^(?:custom-)?zoom/, 'Zoom Out'],
  [/^pan-/, 'Pan'],
  [/^animate-/, 'Animate'],
  [/^extend-/, 'Extend'],
  [/^reroll-video$/, 'Reroll a video'],
  [/^other$/, 'Other buttons'],
];

describe.each(kinds)('with %s, what was said before', (kind) => {
  const whole = useSharedSandbox({ kind });
  const newcomer = (): Person => {
    const { world } = whole.sandbox.discord;
    return world.addPerson({ name: 'nia', guilds: [world.guild] });
  };

  /** The price list that everybody can read. */
  async function readPrices(): Promise<ReadonlyMap<string, number>> {
    const shown = await whole.run('account show', {}, newcomer());
    await shown.acknowledged;
    const field = shown.message?.embeds[0]?.fields?.find(({ name }) => name === 'Prices');
    const lines = [...(field?.value ?? '').matchAll(/^\*\*(?:Free|([\d,]+) points):\*\* (.+)$/gm)];
    return new Map(
      lines.flatMap(([, points = '0', names = '']) =>
        names.split(', ').map((name) => [name, Number(points.replace(',', ''))] as const),
      ),
    );
  }

  function sayPrice(prices: ReadonlyMap<string, number>, action: Action): number | undefined {
    const family = families.find(([actions]) => actions.test(action))?.[1];
    return prices.get(family ?? '') ?? prices.get(english.say(`action.${action}`));
  }

  /** What somebody's only task was booked with. */
  function readBooking(person: Person): { action: Action; booked: number } {
    const database = new DatabaseSync(join(whole.sandbox.dataDirectory, 'relay.db'), { readOnly: true });
    const row = database
      .prepare(
        'select tasks.action, 0 - allowance_part - grant_part as booked from ledger ' +
          "join tasks on tasks.id = ledger.task_id where ledger.user_id = ? and ledger.kind = 'charge'",
      )
      .get(person.id);
    database.close();
    return row as { action: Action; booked: number };
  }

  /** Presses a button as somebody with 2,000 points, fills in its window if it has one, and pays. */
  async function pay(message: Message, customId: string): Promise<{ person: Person; asked: Interaction }> {
    const person = newcomer();
    const pressed = await whole.sandbox.discord.click({ person, message, customId });
    await pressed.acknowledged;
    const isRegion =
      pressed.modal === undefined &&
      pressed.message?.visibleTo &&
      !textOf(pressed.message).includes('will cost');
    const opener = isRegion ? await whole.choose(pressed, ['5']) : pressed;
    await opener.acknowledged;
    const values = { prompt: 'a fox --zoom 1.5' };
    const asked = opener.modal === undefined ? opener : await whole.send(opener, values);
    const paid = await whole.agreed(asked);
    await paid.acknowledged;
    return { person, asked };
  }

  /** The last line of the message says what each kind of button costs: "U 50 · V 100 · Zoom 80–100". */
  function expectInFooter({ embeds }: Message, action: Action, booked: number, label?: string): void {
    const parts = (embeds[0]?.footer?.text ?? '').replaceAll('\u00a0', ' ').split(' · ');
    const group = english.say(`cost.of.${groupOf(action)}`);
    const isAlone = groupOf(action) === 'other' && parts.some((part) => part.startsWith(`${label} `));
    const name = action === 'reroll' || action === 'reroll-video' ? '🔄' : isAlone ? String(label) : group;
    const cost = parts.find((part) => part.startsWith(`${name} `)) ?? '';
    const said = cost.slice(name.length + 1);
    const [least, most = least] = said === 'free' ? [0] : said.replaceAll(',', '').split('–').map(Number);
    expect([least, most], `${action} in ${parts}`).not.toContain(Number.NaN);
    expect(booked, action).toBeGreaterThanOrEqual(least ?? Number.NaN);
    expect(booked, action).toBeLessThanOrEqual(most ?? Number.NaN);
  }

  async function expectSaid(prices: ReadonlyMap<string, number>, message: Message): Promise<Action[]> {
    const offers = buttonsOf(message).flatMap((button) =>
      'custom_id' in button && button.custom_id.startsWith('offer:') ? [button.custom_id] : [],
    );
    const pressed: Action[] = [];
    for (const customId of offers) {
      const { person, asked } = await pay(message, customId);
      const { action, booked } = readBooking(person);
      // A clip of a set is shown alone without the API.
      const footer = (message.embeds[0]?.footer?.text ?? '').replaceAll('\u00a0', ' ');
      const isFree = action === 'upscale' && footer.includes('U free');
      expect(booked, action).toBe(isFree ? 0 : sayPrice(prices, action));
      const button = buttonsOf(message).find((one) => 'custom_id' in one && one.custom_id === customId);
      expectInFooter(message, action, booked, button && 'label' in button ? button.label : undefined);
      const told = /will cost ([\d,]+) points/.exec(
        asked.message?.visibleTo ? textOf(asked.message) : '',
      )?.[1];
      // More than a fifth of 2,000.
      expect(told === undefined ? told : Number(told.replace(',', '')), action).toBe(
        booked > 400 ? booked : undefined,
      );
      pressed.push(action);
    }
    return pressed;
  }

  it('is what each offer is booked with', { timeout: 60_000 }, async () => {
    const prices = await readPrices();
    const maker = newcomer();
    const grid = await whole.picture(await whole.imagine('a lighthouse', { aspect: '3:2' }, maker));
    expect(readBooking(maker)).toEqual({ action: 'imagine', booked: prices.get('Imagine') });
    const pressed = await expectSaid(prices, grid);
    // Pressed again, it is free.
    const pick = buttonsOf(grid).find(
      (button) => 'custom_id' in button && button.custom_id.startsWith('offer:'),
    );
    const customId = pick !== undefined && 'custom_id' in pick ? pick.custom_id : '';
    const single = await whole.picture(
      await whole.sandbox.discord.click({ person: maker, message: grid, customId }),
    );
    pressed.push(...(await expectSaid(prices, single)));
    if (prices.has('Video')) {
      const filmmaker = newcomer();
      const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
      const options = { image, prompt: 'it waves' };
      const film = await whole.picture(await whole.agreed(await whole.run('video', options, filmmaker)));
      expect(readBooking(filmmaker)).toEqual({ action: 'video', booked: prices.get('Video') });
      pressed.push(...(await expectSaid(prices, film)));
    }
    expect(new Set(pressed).size).toBeGreaterThan(1);
  });
});
