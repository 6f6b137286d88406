import { PermissionFlagsBits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { buttonsOf, type Message, type Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, register, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'mjproxy' });
const world = () => whole.sandbox.discord.world;
const until = (what: string, isRight: () => boolean) =>
  whole.sandbox.discord.until(isRight, { what, timeoutMs: 20_000 });

function block(line: string, options = {}, person: Person = world().people.administrator) {
  return whole.run(`block ${line}`, options, person);
}

const refusal = "You've been blocked from using this bot on this server.";

/** The message of a task that runs, and would forever. */
async function runs(prompt: string, person?: Person): Promise<Message> {
  whole.sandbox.provider.trouble.next('task', { do: 'stall' });
  const message = await whole.reply(await whole.imagine(prompt, {}, person), 'In progress');
  await until('a button to cancel', () => labelsOf(message).includes('Cancel'));
  return message;
}

describe('/block', () => {
  it('keeps somebody from commands, buttons and windows, after a crash, too, until it is lifted', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { member, otherMember } = world().people;
    const grid = await whole.picture(await whole.imagine('a fox', {}, otherMember));
    const asked = await whole.sandbox.discord.runOnMessage({
      person: member,
      message: grid,
      command: 'Imagine again',
    });
    await asked.acknowledged;
    const wish = { person: member, reason: 'too many `foxes`', duration: '7d' };
    const done = await whole.reply(await block('add', wish), "can't use the bot on this server");
    expect(done.visibleTo).toBe(world().people.administrator);
    expect(done.content).toContain('Reason: `too many ˋfoxesˋ`');
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);

    const answers = [
      await whole.imagine('a hare'),
      await whole.press(grid, 'V1'),
      await whole.send(asked, { prompt: 'a hare' }),
      await whole.sandbox.discord.runOnMessage({ person: member, message: grid, command: 'Task details' }),
      await whole.run('queue'),
      await whole.run('preferences set'),
    ];
    for (const answer of answers) {
      const { content, visibleTo } = await whole.reply(answer, refusal);
      expect(content).toMatch(
        /The block ends <t:\d+:R>\. Reason: `too many ˋfoxesˋ`\. Nothing was charged\./u,
      );
      expect(visibleTo).toBe(member);
    }
    expect(await whole.points(member)).toBe('2,000 points');
    expect(whole.sandbox.provider.submits.map(({ prompt }) => prompt)).toEqual(['a fox']);

    const list = await whole.reply(await block('list'), 'Blocked people');
    expect(textOf(list)).toContain(`<@${member.id}> · ends <t:`);
    await whole.reply(await block('remove', { person: member }), 'can use the bot again');
    await whole.picture(await whole.imagine('a hare'));
    await whole.reply(await block('remove', { person: member }), "isn't blocked");
    await whole.reply(await block('list'), 'Nobody is blocked');
  });

  it('leaves people their data and their own tasks, and nobody else’s', async () => {
    await whole.sandbox.startBot(quick);
    const { member, otherMember, administrator } = world().people;
    const moderators = world().addRole(world().guild, {
      name: 'Moderator',
      permissions: PermissionFlagsBits.ManageMessages,
    });
    world().guild.members.get(member.id)?.roleIds.push(moderators.id);
    const [own, others] = [await runs('a fox'), await runs('a hare', otherMember)];
    await whole.reply(await block('add', { person: member }), 'can still see and delete their data');
    await whole.reply(await whole.press(others, 'Cancel', member), 'Only the person who started this');
    await whole.press(own, 'Cancel', member);
    await until('an end', () => textOf(own).includes('Canceled. Your 100 points are back.'));
    expect(textOf(others)).toContain('In progress');
    // What a script sends counts as little.
    const [button] = buttonsOf(others);
    const customId = button !== undefined && 'custom_id' in button ? button.custom_id : '';
    const forged = customId.replace('cancel:', 'cancel-anyway:');
    const press = await whole.sandbox.discord.click({
      person: member,
      message: others,
      customId: forged,
      forge: true,
    });
    await press.acknowledged;
    expect(textOf(others)).toContain('In progress');
    await (await whole.run('account forget', {}, member)).acknowledged;
    await whole.reply(await whole.imagine('a lynx', {}, member), refusal);
    await whole.press(others, 'Cancel', administrator);
    await until('an end', () => textOf(others).includes('Canceled'));
  });

  it('cancels what they have running and waiting if asked to, and says so in the log channel', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1' });
    const { member, otherMember, administrator } = world().people;
    const log = world().addChannel({ name: 'log', guild: world().guild });
    await whole.send(await whole.run('settings log-channel', {}, administrator), { channel: [log.id] });
    const running = await runs('a fox');
    const waiting = await whole.imagine('a hare');
    const other = await whole.imagine('a lynx', {}, otherMember);
    await Promise.all([waiting.acknowledged, other.acknowledged]);
    const wish = { person: member, cancel_running: true, reason: 'spam' };
    await whole.reply(await block('add', wish), '2 tasks were canceled.');
    const isCanceled = (message: Message | undefined) =>
      textOf(message).includes('Canceled. Your 100 points are back.');
    await until('two ends', () => isCanceled(running) && isCanceled(waiting.message));
    await whole.picture(other);
    expect(await whole.points(member)).toBe('2,000 points');
    await block('remove', { person: member });
    const lines = () => whole.sandbox.discord.messages(log.id).map(({ content }) => content);
    await until('three lines', () => lines().length === 3);
    const [who, whom] = [`<@${administrator.id}>`, `<@${member.id}>`];
    expect(lines().slice(1)).toEqual([
      `${who} blocked ${whom}. Reason: \`spam\`.`,
      `${who} lifted the block on ${whom}.`,
    ]);
    const card = await whole.reply(await whole.run('settings show', {}, administrator), 'Latest changes');
    expect(textOf(card)).toContain(`${who} · Blocked people`);
  });

  it('refuses what makes no sense, and whoever may not decide', async () => {
    const { administrator, member, otherMember } = world().people;
    await whole.sandbox.startBot({ ...quick, OPERATOR_IDS: otherMember.id });
    // As if administrators had let everybody see the command.
    await register(whole.sandbox, { default_member_permissions: null });
    const manager = world().addRole(world().guild, {
      name: 'Manager',
      permissions: PermissionFlagsBits.ManageGuild,
    });
    for (const line of ['add', 'remove'])
      await whole.reply(await block(line, { person: otherMember }, member), 'You need the Manage Server');
    await whole.reply(await block('list', {}, member), 'You need the Manage Server');
    for (const [person, duration, answer] of [
      [administrator, '1d', "You can't block yourself."],
      [otherMember, '1d', "the bot's operator"],
      [member, '-1d', "`-1d` isn't a length of time"],
      [member, '400d', "`400d` isn't a length of time"],
    ] as const)
      await whole.reply(await block('add', { person, duration }), answer);
    world().guild.members.get(member.id)?.roleIds.push(manager.id);
    await whole.reply(await block('add', { person: member }), "can't be blocked, since they could lift");
    await whole.reply(await block('list'), 'Nobody is blocked');
  });
});
