import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { auditDatabase } from '../../src/storage/audit.ts';
import { aFolder } from '../helpers/folder.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
let folder: Awaited<ReturnType<typeof aFolder>>;
beforeEach(async () => {
  folder = await aFolder();
});
afterEach(() => folder.remove());

/** Copies the data of the running bot, and puts the copy into a folder of another machine. */
async function backUp(): Promise<string> {
  const copy = join(folder.path, 'copy');
  const program = startProgram('src/backup.ts', whole.sandbox.environment, { words: [copy, '--pictures'] });
  expect(await program.exited, program.lines.join('\n')).toBe(0);
  return copy;
}

async function restore(copy: string) {
  const elsewhere = join(folder.path, 'elsewhere');
  const program = startProgram('src/restore.ts', { DATA_DIR: elsewhere }, { words: [copy] });
  expect(await program.exited, program.lines.join('\n')).toBe(0);
  return { elsewhere, said: program.lines.join('\n') };
}

async function expectRightBooks(directory: string, tasks: number): Promise<void> {
  const { damage, books } = await auditDatabase(directory);
  expect(damage).toEqual([]);
  expect(books).toEqual({ findings: [], tasks });
}

describe('a copy of a running bot', () => {
  it('while 200 tasks run lets another machine finish every one of them', { timeout: 240_000 }, async () => {
    const { discord, provider } = whole.sandbox;
    const people = Array.from({ length: 67 }, (_, index) =>
      discord.world.addPerson({ name: `person-${index}`, guilds: [discord.world.guild] }),
    );
    const environment = { ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '200' };
    const never = '3600000';
    const bot = await whole.sandbox.startBot({
      ...environment,
      POLL_FIRST_MS: never,
      POLL_MIN_MS: never,
      POLL_MAX_MS: never,
    });
    const asked = [];
    for (let index = 0; index < 200; index += 1)
      asked.push(await whole.imagine(`fox number ${index}`, {}, people[index % people.length]));
    const accepted = () => bot.lines.filter((line) => line.includes('accepted by the provider')).length;
    await expect.poll(accepted, { timeout: 60_000 }).toBe(200);
    const copy = await backUp();
    await bot.end('SIGKILL');
    const { elsewhere } = await restore(copy);
    await expectRightBooks(elsewhere, 200);
    await whole.sandbox.startBot({ ...environment, DATA_DIR: elsewhere });
    await Promise.all(asked.map((interaction) => whole.end(interaction, 120_000)));
    const withPicture = asked.filter(({ message }) => (message?.attachments.length ?? 0) > 0);
    expect(withPicture).toHaveLength(200);
    expect(provider.submits).toHaveLength(200);
    await expectRightBooks(elsewhere, 200);
  });

  it('never sends again what waited then and was sent since', async () => {
    const { provider } = whole.sandbox;
    const environment = { ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1', LOST_AFTER_MS: '1000' };
    provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const bot = await whole.sandbox.startBot(environment);
    const first = await whole.imagine('a fox');
    await bot.line('accepted by the provider');
    const second = await whole.imagine('a hare');
    await whole.reply(second, 'Waiting for a free slot');
    const copy = await backUp();
    provider.trouble.clear();
    await Promise.all([whole.picture(first), whole.picture(second)]);
    await bot.end('SIGKILL');
    const { elsewhere, said } = await restore(copy);
    expect(said).toContain('1 waiting task may have been sent since then');
    await whole.sandbox.startBot({ ...environment, DATA_DIR: elsewhere });
    await expect.poll(() => whole.points(), { timeout: 30_000 }).toBe('1,900 points');
    expect(provider.submits).toHaveLength(2);
    await expectRightBooks(elsewhere, 2);
  });
});
