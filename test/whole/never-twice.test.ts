import { describe, expect, it } from 'vitest';
import { kinds } from '../../sandbox/index.ts';
import { frontDoors } from '../../sandbox/providers/trouble.ts';
import { textOf, useSharedSandbox } from '../helpers/whole.ts';

/** Long enough for calls that are sent again after a few seconds; people hear the rest when it is over. */
const deadline = { TASK_TIMEOUT_MS: '9000' };

describe.each(kinds)('%s, behind a proxy that answers for it', (kind) => {
  const spare = kind === 'yutoai' ? '4allapi' : 'yutoai';
  const whole = useSharedSandbox({ kinds: [kind, spare] }, deadline);

  it('is paid once for each task, and nobody else is', async () => {
    const [provider, other] = whole.sandbox.providers;
    const { member, otherMember } = whole.sandbox.discord.world.people;
    const sent = (prompt: string) =>
      [provider, other].map((one) => one?.submits.filter((submit) => submit.prompt?.includes(prompt)).length);
    for (const [fault, prompt, person] of [
      ['upstream', 'a fox', member],
      ['timeout', 'a hare', otherMember],
    ] as const) {
      provider?.trouble.next('submit', frontDoors[fault]);
      const message = await whole.end(await whole.imagine(prompt, {}, person));
      expect(sent(prompt)).toEqual([1, 0]);
      // If the API has a list of tasks, it is searched and the picture is found.
      if (message.attachments.length === 0) expect(textOf(message)).toContain('may have been charged');
      else expect(['mjproxy', 'acedata']).toContain(kind);
    }
  });

  it("isn't paid if a web page turns one person down, who is told at once, and works for the other", async () => {
    const [provider, other] = whole.sandbox.providers;
    const { member, otherMember } = whole.sandbox.discord.world.people;
    provider?.trouble.next('submit', frontDoors.disliked);
    const message = await whole.reply(await whole.imagine('an owl', {}, member), 'points are back');
    expect(textOf(message)).toContain('may have been charged');
    expect(other?.submits.filter(({ prompt }) => prompt?.includes('an owl'))).toEqual([]);
    await whole.picture(await whole.imagine('a wren', {}, otherMember));
    expect(provider?.submits.some(({ prompt }) => prompt?.includes('a wren'))).toBe(true);
  });
});
