import { describe, expect, it } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import type { SandboxOptions } from '../../sandbox/index.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import { labelsOf, textOf, useSharedSandbox } from '../helpers/whole.ts';

const typed = '一只狐狸 --ar 3:2';

describe('/imagine translate: at an API that translates texts', () => {
  const whole = useSharedSandbox({ kind: 'acedata' });
  const aPerson = (name: string) => {
    const { world } = whole.sandbox.discord;
    return world.addPerson({ name, guilds: [world.guild] });
  };
  const asked = () =>
    whole.sandbox.provider.requests
      .filter(({ path }) => path === '/midjourney/translate')
      .map(({ body }) => body);
  const privately = async (interaction: Interaction): Promise<Message> => {
    const { discord } = whole.sandbox;
    await discord.until(() => interaction.followUps.length > 0, {
      what: 'a private answer',
      timeoutMs: 25_000,
    });
    return interaction.followUps[0] as Message;
  };

  it('sends the English prompt with the flags as they were typed, and shows what it came from', async () => {
    const person = aPerson('Mei');
    const message = await whole.picture(await whole.imagine(typed, { translate: true }, person));
    expect(asked()).toEqual([{ content: '一只狐狸' }]);
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('一只狐狸 (in English) --ar 3:2');
    expect(message.content).toContain('(in English');
    expect(message.embeds[0]?.description).toContain('Translated from `一只狐狸`');
    expect(await whole.points(person)).toBe('1,900 points');
    const again = await whole.picture(await whole.press(message, 'V1', person));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).not.toContain('translate');
    expect(asked()).toHaveLength(1);
    expect(textOf(again)).not.toContain('Translated from');
  });

  it('asks for a translation only once the prompt is corrected', async () => {
    const person = aPerson('Lin');
    const before = asked().length;
    const wrong = await whole.imagine('一只狐狸 --s 5000', { translate: true }, person);
    const told = await whole.reply(wrong, 'takes a number from 0 to 1,000');
    expect(told.visibleTo).toBe(person);
    expect(asked()).toHaveLength(before);
    const made = await whole.picture(await whole.press(told, 'Use the corrected prompt', person));
    expect(made.visibleTo).toBeUndefined();
    expect(asked()).toHaveLength(before + 1);
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('一只狐狸 (in English) --s 1000');
    expect(await whole.points(person)).toBe('1,900 points');
  });

  it('says so privately if that fails, charges nothing, and sends it as typed at one press', async () => {
    const person = aPerson('Bo');
    const before = whole.sandbox.provider.submits.length;
    whole.sandbox.provider.trouble.next('look', { do: 'refuse', as: 'used-up' });
    const interaction = await whole.imagine(typed, { translate: true }, person);
    const question = await privately(interaction);
    expect(question).toMatchObject({
      content: "The prompt couldn't be translated. Nothing was charged.",
      visibleTo: person,
    });
    expect(labelsOf(question)).toEqual(['Send it as typed (100 points)']);
    expect(interaction.message?.deleted ?? true).toBe(true);
    expect(await whole.points(person)).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(before);
    await whole.picture(await whole.press(question, 'Send it as typed (100 points)', person));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe(typed);
    expect(await whole.points(person)).toBe('1,900 points');
  });

  it("refuses what couldn't start before it asks for a translation", async () => {
    const person = aPerson('Cy');
    const before = asked().length;
    await whole.reply(
      await whole.imagine('狐狸 --repeat 4', { translate: true }, person),
      'several jobs at once',
    );
    expect(asked()).toHaveLength(before);
  });
});

describe('/imagine translate: at an API that translates prompts by itself', () => {
  const whole = useSharedSandbox({ kind: 'apixo' });

  it('asks it to, and only then', async () => {
    const inputs = () =>
      whole.sandbox.provider.submits.map(
        ({ body }) => (body['input'] as Record<string, unknown>)['enableTranslation'],
      );
    await whole.picture(await whole.imagine('一只狐狸', { translate: true }));
    await whole.picture(await whole.imagine('一只兔子'));
    expect(inputs()).toEqual([true, undefined]);
  });
});

describe.each(['4allapi', 'yutoai', 'mjproxy'] as const)('%s with a translator of its own', (kind) => {
  const habits: Partial<Habits> = { translatesPrompts: true };
  const whole = useSharedSandbox({ kind, provider: { habits } as SandboxOptions['provider'] & object });

  it('gets the prompt as it was typed, and its English is shown with the result and on its card', async () => {
    const { general } = whole.sandbox.discord.world.channels;
    const message = await whole.picture(await whole.imagine(typed));
    expect(whole.sandbox.provider.submits[0]?.prompt).toBe(typed);
    expect(message.embeds[0]?.description).toContain('In English: `in English: 一只狐狸');
    const id = `https://discord.com/channels/${whole.sandbox.discord.world.guild.id}/${general.id}/${message.id}`;
    await whole.reply(await whole.run('task show', { id }), 'in English: 一只狐狸');
  });
});

describe('/imagine translate: at an API that translates nothing', () => {
  const whole = useSharedSandbox({ kind: '4allapi' });

  it('says so, and charges nothing', async () => {
    const reply = await whole.reply(
      await whole.imagine(typed, { translate: true }),
      'can translate a prompt',
    );
    expect(textOf(reply)).toContain('Nothing was charged.');
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toEqual([]);
  });
});
