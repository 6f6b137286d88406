import { describe, expect, it } from 'vitest';
import { renderTask } from '../../../src/discord/render/task.ts';
import { withoutEmbed } from '../../../src/discord/render/without-embed.ts';
import { english } from '../../../src/locales/index.ts';
import { aTask } from '../../helpers/tasks.ts';

const aDescription = (...text: string[]) =>
  renderTask(
    aTask({
      state: 'done',
      request: { ...aTask().request, action: 'describe' },
      result: { media: [], text, offers: [] },
    }),
    english,
  );

describe('a message without its embed', () => {
  it('says the same', () => {
    const { content, embeds } = withoutEmbed(aDescription('a fox', 'a hare'));
    expect(content).toBe('**a fox** - Describe by <@444444444444444444> (Fast)\n**1.** a fox\n**2.** a hare');
    expect(embeds).toEqual([]);
  });

  it('stays within what Discord takes, and cuts no line', () => {
    const { content } = withoutEmbed(aDescription(...Array<string>(5).fill('*'.repeat(400))));
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content.split('\n').slice(1)).toEqual(
      [1, 2, 3].map((number) => `**${number}.** ${'\\*'.repeat(249)}…`),
    );
  });

  it("shows no invitation of a provider's", () => {
    const { content } = withoutEmbed(aDescription('join discord.gg/foxes, it has 2.5 foxes'));
    expect(content).toContain('join discord\\.gg/foxes, it has 2.5 foxes');
  });
});
