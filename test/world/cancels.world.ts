import { expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { labelsOf, textOf } from '../helpers/whole.ts';
import { useWorld } from './stage.ts';

const whole = useWorld({ kinds: ['mjproxy'] });

/** A message that shows a task which runs, and would for ever. */
async function runs(prompt: string): Promise<Message> {
  whole.sandbox.provider.trouble.next('task', { do: 'stall' });
  const message = await whole.reply(await whole.imagine(prompt), 'In progress');
  await until(message, () => labelsOf(message).some((label) => label?.startsWith('Cancel')));
  return message;
}

const until = (message: Message, isRight: () => boolean) =>
  whole.sandbox.discord.until(isRight, {
    what: `other words than ${textOf(message)} ${labelsOf(message)}`,
    timeoutMs: 25_000,
  });

const says = (message: Message, sentence: string) => until(message, () => textOf(message).includes(sentence));

it('cancels what runs, and gives points back as often as REFUNDED_CANCELS says', async () => {
  const { provider, set, startBot } = whole.sandbox;
  await set({ REFUNDED_CANCELS: '1' });
  await whole.deploy();
  const bot = await startBot();
  const fox = await runs('a fox');
  expect(labelsOf(fox)).toEqual(['Cancel']);
  await whole.press(fox, 'Cancel');
  await says(fox, 'Canceled. Your 100 points are back.');
  expect(await whole.points()).toBe('2,000 points');

  // A restart between them, as after an update.
  expect(await bot.end()).toBe(0);
  await startBot();
  const hare = await runs('a hare');
  expect(labelsOf(hare)).toEqual(['Cancel (no refund)']);
  await whole.press(hare, 'Cancel (no refund)');
  await says(hare, "Canceled. You didn't get your 100 points back: you had no refunds left today.");
  expect(await whole.points()).toBe('1,900 points');
  expect(provider.submits).toHaveLength(2);
});
