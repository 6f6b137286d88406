import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { commands, messageCommands } from '../../commands/index.ts';
import {
  buttonsOf,
  type Interaction,
  type Message,
  type ModalValues,
  type Person,
  selectsOf,
} from '../../sandbox/discord/index.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import type { Command, MessageCommand } from '../../src/discord/command.ts';

/** The bot looks as often as allowed; the stand-in's gateway refreshes every few milliseconds. */
export const quick = { POLL_FIRST_MS: '50', POLL_MIN_MS: '50', POLL_MAX_MS: '200' };

type OptionValues = Parameters<Sandbox['discord']['run']>[0]['options'];

/**
 * A sandbox for each test of a file, with the commands registered and no bot yet; each request that the bot
 * sends to Discord must follow Discord's rules, or the test fails.
 */
export function useSandbox(options: SandboxOptions = {}): Whole {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await openSandbox(options);
  });
  afterEach(async () => {
    await sandbox.close();
    expect(sandbox.discord.violations).toEqual([]);
  });
  return createWhole(() => sandbox);
}

/** One sandbox with its bot for all tests of a suite, if each test has its own people and waits for no other. */
export function useSharedSandbox(
  options: SandboxOptions = {},
  environment: Record<string, string> = {},
): Whole {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox(options);
    await sandbox.startBot({ ...quick, ...environment });
  });
  afterEach(() => expect(sandbox.discord.violations).toEqual([]));
  afterAll(() => sandbox.close());
  return createWhole(() => sandbox);
}

async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await createSandbox({
    ...options,
    // The gateway gives up tasks after an hour; scaled by the pace, that would be during a test.
    provider: { pace: 0.001, taskTimeoutMs: 3_600_000, pictureHeight: 64, ...options.provider },
  });
  await register(sandbox);
  return sandbox;
}

/** What a test does with a sandbox: it acts as people do, and waits until they would see something. */
export type Whole = ReturnType<typeof createWhole<Sandbox>>;

/** Those verbs, for a Discord and whatever is around it. */
export function createWhole<Stage extends Pick<Sandbox, 'discord'>>(current: () => Stage) {
  const discord = () => current().discord;
  const people = () => discord().world.people;

  /** Runs a command, such as `imagine` or `task seed`. */
  function run(line: string, options: OptionValues = {}, person: Person = people().member) {
    const [command = '', subcommand] = line.split(' ');
    const input = { person, channel: discord().world.channels.general, command, options };
    return discord().run(subcommand === undefined ? input : { ...input, subcommand });
  }

  return {
    get sandbox() {
      return current();
    },
    run,
    imagine(prompt: string, values: OptionValues = {}, person?: Person): Promise<Interaction> {
      return run('imagine', { prompt, ...values }, person);
    },
    press(message: Message, label: string, person: Person = people().member): Promise<Interaction> {
      return discord().click({ person, message, label });
    },
    /** What starts it: the interaction, or the press on Pay if the person was asked about the price first. */
    async agreed(asked: Interaction): Promise<Interaction> {
      await asked.acknowledged;
      const { message: question, person } = asked;
      const pay = question?.visibleTo && labelsOf(question).find((label) => label?.startsWith('Pay '));
      if (question === undefined || pay === undefined) return asked;
      return discord().click({ person, message: question, label: pay });
    },
    /** Chooses in the menu of the private answer to an interaction. */
    async choose(asked: Interaction, values: string[]): Promise<Interaction> {
      await asked.acknowledged;
      const hasMenu = ({ message }: Interaction) => message !== undefined && selectsOf(message).length > 0;
      const read = () => (hasMenu(asked) ? asked.message : undefined);
      const shown = await discord().until(read, { what: 'a menu', timeoutMs: 25_000 });
      return discord().choose({ person: asked.person, message: shown, values });
    },
    /** Fills in the modal that an interaction opened, and sends it. */
    async send(opener: Interaction, values: ModalValues): Promise<Interaction> {
      await opener.acknowledged;
      return discord().submit({ person: opener.person, interaction: opener, values });
    },
    /** The reply, once it contains that text. */
    reply(interaction: Interaction, text: string): Promise<Message> {
      const read = () => (textOf(interaction.message).includes(text) ? interaction.message : undefined);
      return discord().until(read, { what: `a reply with "${text}"`, timeoutMs: 25_000 });
    },
    /** The reply, once it has its picture. */
    picture(interaction: Interaction): Promise<Message> {
      const read = () =>
        (interaction.message?.attachments.length ?? 0) > 0 ? interaction.message : undefined;
      return discord().until(read, { what: 'a picture', timeoutMs: 25_000 });
    },
    /** The newest message in the channel with that title, once it has its picture. */
    titled(title: string): Promise<Message> {
      const read = () =>
        discord()
          .messages(discord().world.channels.general.id)
          .findLast(({ content, attachments }) => isTitled(content, title) && attachments.length > 0);
      return discord().until(read, { what: `a picture titled "${title}"`, timeoutMs: 25_000 });
    },
    /** The reply, once it shows how its task ended. */
    end(interaction: Interaction, timeoutMs = 30_000): Promise<Message> {
      const read = () => (hasEnded(interaction.message) ? interaction.message : undefined);
      return discord().until(read, { what: `an end of ${interaction.summary}`, timeoutMs });
    },
    /** What `/account show` says is left. */
    async points(person: Person = people().member): Promise<string> {
      const shown = await run('account show', {}, person);
      await shown.acknowledged;
      return shown.message?.embeds[0]?.fields?.[0]?.value ?? '';
    },
  };
}

/** Whether a message's first line says that, as "a fox - Image #2 by @max (Fast)"; an imagine has no title. */
function isTitled(content: string, title: string): boolean {
  if (title === 'Imagine') return /^\*\*.+\*\* - <@\d+> \(/u.test(content);
  return content.includes(`** - ${title} by <@`) || content.startsWith(`**${title}** - <@`);
}

/** Whether it shows a picture, or says that points are back. */
export function hasEnded(message: Message | undefined): boolean {
  return (message?.attachments.length ?? 0) > 0 || /points are back|point is back/.test(textOf(message));
}

export function textOf(message: Message | undefined): string {
  return JSON.stringify([message?.content, message?.embeds]);
}

/** At which speed a task was made and for how much, as its message says: "Fast · 100 points". */
export function chargeOf({ content, embeds }: Message): string | undefined {
  const speed = /\((\w+)\)$/u.exec(content)?.[1];
  const price = /[\d,]+ points?/u.exec(embeds[0]?.footer?.text ?? '')?.[0];
  return `${speed} · ${price}`;
}

/** The labels of a message's buttons, or their emoji if they have none. */
export function labelsOf(message: Message): (string | undefined)[] {
  return buttonsOf(message).map((button) => {
    if ('label' in button && button.label !== undefined) return button.label;
    return 'emoji' in button ? button.emoji?.name : undefined;
  });
}

/**
 * What `npm run deploy` does if the bot also works in direct messages, without the process around it. `changes` are
 * made to every command, as administrators can on Discord's own screens.
 */
export async function register(
  { discord }: Pick<Sandbox, 'discord'>,
  changes: object = {},
  registered: readonly (Command | MessageCommand)[] = [...commands, ...messageCommands],
): Promise<void> {
  const response = await fetch(`${discord.url}/v10/applications/${discord.applicationId}/commands`, {
    method: 'PUT',
    headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(registered.map(({ data }) => ({ ...data.toJSON(), ...changes }))),
  });
  if (!response.ok) throw new Error(await response.text());
}
