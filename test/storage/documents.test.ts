import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Documents, openDocuments } from '../../src/storage/documents.ts';
import { aFolder } from '../helpers/folder.ts';

describe('documents', () => {
  let path: string;
  let remove: () => Promise<void>;
  let documents: Documents;

  beforeEach(async () => {
    ({ path, remove } = await aFolder());
    documents = openDocuments(path);
  });
  afterEach(async () => {
    await documents.close();
    await remove();
  });

  it('has its file ready for all stores, so that none waits for another that opens it', async () => {
    const fresh = await aFolder();
    const stores = openDocuments(fresh.path);
    const file = new DatabaseSync(join(fresh.path, 'documents.db'), { readOnly: true });
    const tables = file.prepare("select name from sqlite_master where type = 'table' order by name").all();
    expect(file.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(tables.map(({ name }) => name)).toEqual([
      'alerts',
      'drafts',
      'messages',
      'preferences',
      'settings',
    ]);
    file.close();
    await stores.close();
    await fresh.remove();
  });

  it('survives a restart', async () => {
    await documents.messages.set('900', 'task-1');
    await documents.settings.set('900', { points: 50 });
    await documents.close();
    documents = openDocuments(path);
    expect(await documents.messages.get('900')).toBe('task-1');
    expect(await documents.settings.get('900')).toEqual({ points: 50 });
    await documents.messages.delete('900');
    expect(await documents.messages.get('900')).toBeUndefined();
  });

  it('treats a malformed entry that can be rebuilt as missing, and malformed settings as broken', async () => {
    await documents.messages.set('1', 5 as never);
    expect(await documents.messages.get('1')).toBeUndefined();
    await documents.settings.set('1', { points: -1 });
    await expect(documents.settings.get('1')).rejects.toThrow('settings:1 has an unknown shape');
    expect(await documents.settings.get('2')).toBeUndefined();
  });

  it('keeps what it can read of preferences that a newer version has written', async () => {
    const newer = { suffix: 'in ink', notify: 'direct', speed: 'warp', presets: { ink: 'x' }, more: true };
    await documents.preferences.set('1', newer as never);
    expect(await documents.preferences.get('1')).toEqual({ suffix: 'in ink', presets: { ink: 'x' } });
  });

  it('leaves no trace in its file of what was removed', async () => {
    await documents.messages.set('900', 'zebracanary '.repeat(100));
    await documents.settings.set('900', { people: { '700000000000000001': 5 } });
    for (const store of [documents.messages, documents.settings]) await store.delete('900');
    expect(await documents.emptyLog()).toBe(true);
    const names = (await readdir(path)).filter((name) => name.startsWith('documents.db'));
    const bytes = await Promise.all(names.map((name) => readFile(join(path, name), 'latin1')));
    expect(bytes.join('')).not.toMatch(/zebracanary|700000000000000001/);
  });
});
