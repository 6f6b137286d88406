import { describe, expect, it } from 'vitest';
import type { Message, Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'mjproxy' });
const world = () => whole.sandbox.discord.world;

/** The message of a task that runs, and would forever. */
async function runs(prompt: string, person?: Person): Promise<Message> {
  whole.sandbox.provider.trouble.next('task', { do: 'stall' });
  const message = await whole.reply(await whole.imagine(prompt, {}, person), 'In progress');
  await whole.sandbox.discord.until(() => labelsOf(message).includes('Cancel'), { what: 'a button' });
  return message;
}

const linkTo = ({ id }: Message) =>
  `https://discord.com/channels/${world().guild.id}/${world().channels.general.id}/${id}`;

const cancel = (message: Message, person?: Person) =>
  whole.run('task cancel', { id: linkTo(message) }, person);

const says = (message: Message, sentence: string) =>
  whole.sandbox.discord.until(() => textOf(message).includes(sentence), {
    what: sentence,
    timeoutMs: 20_000,
  });

describe('/task cancel', () => {
  it("cancels one's own task, after a crash, too, and asks before points are lost", async () => {
    const settings = { ...quick, REFUNDED_CANCELS: '1' };
    const bot = await whole.sandbox.startBot(settings);
    const [first, second] = [await runs('a fox'), await runs('a hare')];
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(settings);

    const answer = await whole.reply(await cancel(first), 'This is being canceled.');
    expect([answer.visibleTo, textOf(answer)]).toEqual([
      world().people.member,
      expect.stringContaining("You'll get your 100 points back."),
    ]);
    await says(first, 'Canceled. Your 100 points are back.');

    const question = await whole.reply(await cancel(second), "you won't get your 100 points back");
    await whole.press(question, 'Cancel without a refund');
    await says(question, "This is being canceled. You won't get your 100 points back.");
    await says(second, "Canceled. You didn't get your 100 points back");
    expect(await whole.points()).toBe('1,900 points');
  });

  it("refuses others' tasks, ended ones, and what is no task, and changes nothing", async () => {
    await whole.sandbox.startBot(quick);
    const theirs = await runs('a fox', world().people.otherMember);
    await whole.reply(await cancel(theirs), "isn't one of your tasks");
    await whole.reply(await whole.run('task cancel', { id: 'nothing' }), "isn't one of your tasks");
    const suggested = await whole.sandbox.discord.autocomplete({
      person: world().people.otherMember,
      channel: world().channels.general,
      command: 'task',
      subcommand: 'cancel',
      options: { id: 'fox' },
      focused: 'id',
    });
    expect(suggested.map(({ name }) => name)).toEqual([expect.stringContaining('a fox')]);
    const done = await whole.picture(await whole.imagine('a hare'));
    await whole.reply(await cancel(done), 'too late');
    expect(textOf(theirs)).toContain('In progress');
    expect(await whole.points()).toBe('1,900 points');
  });

  it('is there for people who are blocked', async () => {
    await whole.sandbox.startBot(quick);
    const message = await runs('a fox');
    const { administrator, member: person } = world().people;
    await whole.reply(await whole.run('block add', { person }, administrator), "can't use the bot");
    await whole.reply(await cancel(message), 'This is being canceled.');
    await says(message, 'Canceled. Your 100 points are back.');
  });
});
