import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import type { MjProxyStandIn } from '../../sandbox/providers/mj-proxy/stand-in.ts';
import { quarters } from '../helpers/files.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

/** Only the stand-ins of this family have habits. */
function having(habits: Partial<Habits>): SandboxOptions {
  return { kind: 'mjproxy', provider: { habits } as SandboxOptions['provider'] & object };
}

const picture = await (await quarters(16, 16)).png().toBuffer();
const forms = ['404', '405', '501', 'page', 'web-interface'] as const;

describe.each(forms)('a gateway that only has submits and fetches, and says so with %s', (unknownRoute) => {
  const whole = useSandbox(having({ flavour: 'plus', looks: [], unknownRoute }));

  it('gets its pictures shown, is asked for a list once, and has no seeds', async () => {
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.imagine('a red fox'));
    const { submits, requests } = whole.sandbox.provider;
    expect(submits).toHaveLength(1);
    expect(requests.filter(({ path }) => path.endsWith('/list-by-condition'))).toHaveLength(1);
    const { discord } = whole.sandbox;
    const person = discord.world.people.member;
    const input = { person, channel: discord.world.channels.general, command: 'task', subcommand: 'seed' };
    const [choice] = await discord.autocomplete({ ...input, options: { id: 'red fox' }, focused: 'id' });
    await whole.reply(
      await whole.run('task seed', { id: String(choice?.value) }),
      "This bot's provider can't do that.",
    );
  });
});

describe('a gateway that shows buttons but only accepts letters', () => {
  const whole = useSandbox(
    having({ flavour: 'plus', submits: ['imagine', 'change', 'blend', 'describe'], unknownRoute: '404' }),
  );

  it('is called by letter and number, once for each press', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a red fox'));
    const single = await whole.picture(await whole.press(grid, 'U3'));
    await whole.picture(await whole.press(grid, 'V1'));
    const { submits, requests } = whole.sandbox.provider;
    expect(submits.map(({ kind, body }) => [kind, body['action'], body['index']])).toEqual([
      ['imagine', undefined, undefined],
      ['change', 'UPSCALE', 3],
      ['change', 'VARIATION', 1],
    ]);
    expect(requests.filter(({ path }) => path.endsWith('/submit/action'))).toHaveLength(1);
    // A zoom has no letter.
    const zoom = labelsOf(single).find((label) => label?.includes('Zoom Out 2x')) ?? '';
    const message = await whole.reply(await whole.press(single, zoom), 'no way to do that');
    expect(textOf(message)).toContain('points are back');
  });
});

describe('a gateway that names no actions', () => {
  const whole = useSandbox(having({ flavour: 'plus', namesActions: false }));

  it('gets the words of a describe shown, and the described picture once', async () => {
    await whole.sandbox.startBot(quick);
    const image = { name: 'fox.png', bytes: picture, contentType: 'image/png' };
    const message = await whole.reply(await whole.run('describe', { image }), '**4.**');
    expect(message.attachments).toHaveLength(1);
  });
});

describe('a gateway that has lost a task', () => {
  const whole = useSandbox(having({ flavour: 'plus', looks: [], unknownRoute: '404' }));
  const unknown = ['empty', 'no-content', 'null', 'object', 'code', 'code-400', 'code-404'] as const;

  it("isn't in trouble, no matter how it says so: it is still asked, and the others are shown", async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { habits, ...provider } = whole.sandbox.provider as MjProxyStandIn;
    await whole.reply(await whole.imagine('a hare, please vanish'), 'In progress');
    const looks = () =>
      provider.requests.filter(({ path, outcome }) => path.endsWith('/fetch') && outcome !== 'open');
    for (const unknownTask of unknown) {
      habits.unknownTask = unknownTask;
      const before = looks().length;
      await provider.until(() => looks().length >= before + 2);
    }
    await whole.picture(await whole.imagine('a red fox'));
    expect(bot.lines.filter((line) => line.includes('could not be asked'))).toEqual([]);
  });
});

describe.each(['path', 'data'] as const)('a gateway with its pictures at a %s', (imageUrls) => {
  const whole = useSandbox({
    kind: '4allapi',
    provider: { picture, habits: { imageUrls } } as SandboxOptions['provider'] & object,
  });

  it('gets them shown unchanged', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(await whole.run('preferences set', { metadata: false }), 'Off');
    const message = await whole.picture(await whole.imagine('a red fox'));
    expect(message.attachments.map(({ bytes }) => bytes)).toEqual([picture]);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
  });
});
