import { describe, expect, it } from 'vitest';
import { buttonsOf, type Message, type Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'mjproxy' });
const limited = {
  ...quick,
  REFUNDED_CANCELS: '2',
  SERVER_BUDGET_POINTS: '6000',
  PROVIDER_MAIN_MAX_IN_FLIGHT: '9',
};

/** The message of a task that runs, and would forever. */
async function runs(prompt: string, person?: Person): Promise<Message> {
  whole.sandbox.provider.trouble.next('task', { do: 'stall' });
  const asked = await whole.imagine(prompt, {}, person);
  const message = await whole.reply(asked, 'In progress');
  await until(message, (labels) => labels.some((label) => label?.startsWith('Cancel')));
  return message;
}

const until = (
  message: Message,
  isRight: (labels: readonly (string | undefined)[], text: string) => boolean,
) =>
  whole.sandbox.discord.until(() => isRight(labelsOf(message), textOf(message)), {
    what: `other words than ${textOf(message)} ${labelsOf(message)}`,
    timeoutMs: 20_000,
  });

const says = (message: Message, sentence: string) =>
  until(message, (_labels, text) => text.includes(sentence));

/** The id of its first button. */
function idOf(message: Message): string {
  const [button] = buttonsOf(message);
  return button !== undefined && 'custom_id' in button ? button.custom_id : '';
}

/** What `/quota server` says about the month, without the date. */
async function month(): Promise<string> {
  const { administrator } = whole.sandbox.discord.world.people;
  const shown = await whole.run('quota server', {}, administrator);
  await shown.acknowledged;
  const field = shown.message?.embeds[0]?.fields?.find(({ name }) => name === 'This month');
  return field?.value.replace(/ The next month starts.*/, '') ?? '';
}

describe('a person who cancels running tasks', () => {
  it('gets points back as often as the operator allows, and is warned before it costs anything', async () => {
    const bot = await whole.sandbox.startBot(limited);
    const { administrator, member } = whole.sandbox.discord.world.people;
    const [first, second] = [await runs('a fox'), await runs('a hare')];
    expect([labelsOf(first), labelsOf(second)]).toEqual([['Cancel'], ['Cancel']]);
    await whole.press(first, 'Cancel');
    await says(first, 'Canceled. Your 100 points are back.');
    expect(await month()).toBe(
      '200 of 6,000 points spent. 100 of those points were refunded but still count, because the provider had already started the tasks.',
    );
    // It was drawn while there was a refund left, which another cancel takes.
    const drawnBefore = await runs('a lynx');
    await whole.press(second, 'Cancel');
    await says(second, 'Canceled. Your 100 points are back.');
    expect(await whole.points()).toBe('1,900 points');

    // Not even a restart brings it back.
    await bot.end('SIGTERM');
    await whole.sandbox.startBot(limited);
    const drawnAfter = await runs('an owl');
    expect(labelsOf(drawnAfter)).toEqual(['Cancel (no refund)']);
    expect(labelsOf(drawnBefore)).toEqual(['Cancel']);
    const asked = await whole.reply(
      await whole.press(drawnBefore, 'Cancel'),
      "You've used your 2 refunds for today on tasks",
    );
    expect(textOf(asked)).toContain("If you cancel this, you won't get your 100 points back.");
    expect(asked.visibleTo).toBe(member);
    expect(labelsOf(asked)).toEqual(['Cancel without a refund']);
    expect(textOf(drawnBefore)).toContain('In progress');
    await whole.press(asked, 'Cancel without a refund');
    await says(asked, "This is being canceled. You won't get your 100 points back.");
    expect(labelsOf(asked)).toEqual([]);
    const nothing = "Canceled. You didn't get your 100 points back: you had no refunds left today.";
    await says(drawnBefore, nothing);
    await whole.press(drawnAfter, 'Cancel (no refund)');
    await says(drawnAfter, nothing);
    expect(await whole.points()).toBe('1,800 points');
    expect(await month()).toBe(
      '400 of 6,000 points spent. 200 of those points were refunded but still count, because the provider had already started the tasks.',
    );
    const history = await whole.run('quota history', { person: member }, administrator);
    const rows = textOf(await whole.reply(history, 'Point history'));
    expect(rows.match(/\*\*−100\*\* for /g)).toHaveLength(4);
    expect(
      rows.match(
        /\*\*\+100\*\* back from \[Imagine\]\([^)]*\) · still counts toward this server's monthly total/g,
      ),
    ).toHaveLength(2);
    expect(rows.match(/\*\*±0\*\* not refunded for /g)).toHaveLength(2);
  });
});

describe('a bot that refunds no cancels of running tasks', () => {
  it('still refunds waiting ones, and asks others before it takes their points', async () => {
    await whole.sandbox.startBot({ ...quick, REFUNDED_CANCELS: '0', PROVIDER_MAIN_MAX_IN_FLIGHT: '1' });
    const { administrator, member } = whole.sandbox.discord.world.people;
    const running = await runs('a fox that never ends');
    const asked = await whole.imagine('a hare');
    const waiting = await whole.reply(asked, 'Waiting for a free slot');
    await whole.press(waiting, 'Cancel');
    await says(waiting, 'Canceled. Your 100 points are back.');
    expect(await whole.points()).toBe('1,900 points');
    expect(await month()).toBe('100 points spent, with no limit.');
    // A stranger's forged press names the task, and nothing more.
    const customId = idOf(running).replace(/^cancel:(.*):1$/, 'cancel-anyway:$1:0');
    const { otherMember } = whole.sandbox.discord.world.people;
    const own = await whole.reply(await whole.run('account show', {}, otherMember), 'points');
    for (const [message, refusal] of [
      [running, 'This button no longer works'],
      [own, 'Only the person who started this'],
    ] as const) {
      const click = { person: otherMember, message, customId, forge: true };
      await whole.reply(await whole.sandbox.discord.click(click), refusal);
    }
    await whole.press(running, 'Cancel (no refund)', administrator);
    await says(running, "Canceled. You didn't get your 100 points back: you had no refunds left today.");
    expect(await whole.points(member)).toBe('1,900 points');
  });

  it('says what it costs to leave a question unanswered', async () => {
    const { provider } = whole.sandbox;
    if ('habits' in provider) (provider.habits as { remix: boolean }).remix = true;
    await whole.sandbox.startBot({ ...quick, REFUNDED_CANCELS: '0' });
    const grid = await whole.picture(await whole.imagine('a fox'));
    const asking = await whole.reply(await whole.press(grid, 'V2'), 'has a question before it starts');
    expect(textOf(asking)).toMatch(
      /If you cancel, or don't answer by <t:\d+:t>, you won't get your 50 points back/,
    );
    expect(labelsOf(asking)).toEqual(['Answer', 'Cancel (no refund)']);
    await whole.press(asking, 'Cancel (no refund)');
    await says(asking, "Canceled. You didn't get your 50 points back");
    expect(await whole.points()).toBe('1,850 points');
  });
});
