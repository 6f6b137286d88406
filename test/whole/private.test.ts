import { describe, expect, it } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;
const people = () => discord().world.people;

/** What anybody else sees, in every channel of the world. */
function seenByOthers(): Message[] {
  return discord()
    .world.everyChannel()
    .flatMap(({ id }) => discord().messages(id));
}

function expectPrivate(message: Message | undefined, name = 'max', open: Message[] = []): void {
  expect(message?.visibleTo?.name).toBe(name);
  expect(seenByOthers()).toEqual(open);
}

describe('a private result', () => {
  it('is seen by its person alone, and so is what they make of it', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox', { private: true }));
    expectPrivate(grid);
    const single = await whole.picture(await whole.press(grid, 'U2'));
    expectPrivate(single);
    const zoom = await whole.send(await whole.press(single, 'Custom'), { prompt: 'a fox --zoom 1.5' });
    expectPrivate(await whole.picture(zoom));
    expectPrivate(await whole.picture(await whole.press(grid, 'V1')));
  });

  it('is private if its person always wants that, unless they choose otherwise', async () => {
    await whole.sandbox.startBot(quick);
    await (await whole.run('preferences set', { private: true })).acknowledged;
    expectPrivate(await whole.picture(await whole.imagine('a fox')));
    const open = await whole.picture(await whole.imagine('a hare', { private: false }));
    expect(seenByOthers()).toEqual([open]);
    await (await whole.run('preferences set', { private: false })).acknowledged;
    const { message: shown } = await answered(await whole.run('preferences show'));
    expect(textOf(shown)).toContain('"Private","value":"Off"');
    await whole.picture(await whole.imagine('a wolf'));
    expect(seenByOthers()).toHaveLength(2);
  });

  it('stays private through a question about its price, or its words', async () => {
    await whole.sandbox.startBot(quick);
    const asked = await answered(await whole.imagine('a fox --stlize 50', { private: true }));
    const correct = labelsOf(asked.message as Message).find((label) => label?.startsWith('Use'));
    expectPrivate(await whole.picture(await whole.press(asked.message as Message, correct ?? '')));
  });

  it('gets a failure, the refund and another try that only its person sees', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    const failed = await whole.end(await whole.imagine('a fox', { private: true }));
    expectPrivate(failed);
    expect(textOf(failed)).toContain('Your 100 points are back.');
    expectPrivate(await whole.picture(await whole.press(failed, 'Try again')));
  });

  it('is nothing that becomes of a public one when somebody checks it', async () => {
    discord().world.channels.general.botPermissions = 0n;
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = await whole.imagine('a fox');
    const waiting = await whole.reply(asked, 'Press **Check**');
    const { otherMember } = people();
    await (await whole.run('preferences set', { private: true }, otherMember)).acknowledged;
    await whole.press(waiting, 'Check', otherMember);
    whole.sandbox.provider.trouble.clear();
    const shown = await whole.picture(asked);
    expect(labelsOf(shown)).not.toContain('Publish');
    expectPrivate(await whole.picture(await whole.press(shown, 'U1', otherMember)), 'mei', [shown]);
  });

  it('has no buttons for anybody else, whatever their client sends', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox', { private: true }));
    const ids = JSON.stringify(grid.components).match(/(?<="custom_id":")[^"]+/gu) ?? [];
    expect(ids.length).toBeGreaterThan(8);
    for (const customId of [...ids, ids[0]?.replace(/^offer/, 'cancel') ?? ''])
      for (const person of [people().otherMember, people().administrator]) {
        const forged = await discord().click({ person, message: grid, customId, forge: true });
        expect((await whole.reply(forged, 'This button no longer works')).visibleTo, customId).toBe(person);
      }
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expectPrivate(grid);
  });
});

async function answered(interaction: Interaction): Promise<Interaction> {
  await interaction.acknowledged;
  return interaction;
}
