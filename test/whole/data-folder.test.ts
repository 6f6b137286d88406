import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

it.skipIf(process.platform === 'win32')('keeps its data in a folder that nobody else can read', async () => {
  const folder = join(whole.sandbox.dataDirectory, 'open');
  mkdirSync(folder, { mode: 0o755 });
  const bot = await whole.sandbox.startBot({ ...quick, DATA_DIR: folder });
  await bot.line('others on this machine could read DATA_DIR');
  await whole.picture(await whole.imagine('a fox'));
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  expect(names).toEqual(expect.arrayContaining(['relay.db', 'documents.db', 'lock.db', 'pictures']));
  const open = names.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
  expect(open).toEqual([]);
});
