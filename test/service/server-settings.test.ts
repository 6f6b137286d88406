import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asker, BookSettings } from '../../src/points/policy.ts';
import type { RuleChanges } from '../../src/service/server-settings.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin } from '../helpers/tasks.ts';

const { book } = anOrigin();
const person: Asker = aCaller().asker;
const administrator: Asker = { userId: 'ada', book, roleIds: [], isAdministrator: true };
const operator: Asker = { userId: 'olga', book, roleIds: [], isAdministrator: false };
const direct: Asker = { ...operator, book: 'direct' };
const file = { url: 'https://cdn.example/settings.json', bytes: 100 };

let relay: Relay;
let text = '';
beforeEach(async () => {
  const settings = { operatorIds: new Set(['olga']), serverBudget: 10_000, allowsDirect: true };
  relay = await createRelay({ operator: settings, settingsFile: () => text, knownRoles: [book] });
});
afterEach(() => relay.remove());

const change = (asker: Asker, changes: RuleChanges) => relay.serverSettings.change(asker, () => changes);
const read = async (): Promise<BookSettings> => (await relay.policies.read(book)).book;
function importFile(asker: Asker, settings: object): Promise<void> {
  text = JSON.stringify({ format: 1, ...settings });
  return relay.serverSettings.import(asker, file);
}

describe('settings of a server', () => {
  it.each([
    ['read', (asker: Asker) => relay.serverSettings.view(asker)],
    ['opened in a window', (asker: Asker) => relay.serverSettings.require(asker)],
    ['changed', (asker: Asker) => change(asker, { private: true })],
    ['exported', (asker: Asker) => relay.serverSettings.export(asker)],
    ['imported', (asker: Asker) => importFile(asker, { private: true })],
  ])('are %s by administrators and operators, and nobody else', async (_name, work) => {
    expect(await codeOf(work(person))).toBe('administrators-only');
    expect(await read()).toEqual({});
    expect(await codeOf(work(administrator))).toBeUndefined();
    expect(await codeOf(work(operator))).toBeUndefined();
    expect(await codeOf(work(direct))).toBe('servers-only');
  });

  it.each<[string, RuleChanges, string]>([
    ['more than the default', { personRunning: 4 }, 'limit-too-high'],
    ['a fraction', { personRunning: 1.5 }, 'setting-malformed'],
    ['a negative number', { personWaiting: -1 }, 'setting-malformed'],
    ['no hearts', { star: { channel: '123456789012345678', hearts: 0 } }, 'setting-malformed'],
    ['a channel by name', { logChannel: 'general' }, 'setting-malformed'],
    ['too many channels', { channels: { mode: 'only', ids: Array(26).fill(book) } }, 'setting-malformed'],
    ['the role of everybody', { commandRoles: { imagine: [book] } }, 'everyone-needs-no-rule'],
    ['an unknown language', { language: 'tlh' }, 'language-unknown'],
    ['a speed for everybody', { suffix: 'ink --fast' }, 'suffix-speed'],
    ['a suffix of several jobs', { suffix: 'a {red, blue} fox' }, 'several-jobs'],
    ['a suffix without a price', { suffix: '--repeat 4' }, 'several-jobs'],
    ['a suffix that never works', { suffix: '--stylize 5000' }, 'preference-wrong'],
    ['a long suffix', { suffix: 'x'.repeat(401) }, 'setting-malformed'],
  ])('refuse %s, and stay as they are', async (_what, changes, code) => {
    await change(administrator, { private: true });
    expect(await codeOf(change(administrator, changes))).toBe(code);
    expect(await read()).toEqual({ private: true });
    expect(await relay.database.settingsJournal.list(book, 10)).toHaveLength(1);
  });

  it('let operators raise limits, and administrators keep what is raised', async () => {
    await change(operator, { personRunning: 5 });
    await change(administrator, { personRunning: 5, personWaiting: 2 });
    expect(await codeOf(change(administrator, { personRunning: 6 }))).toBe('limit-too-high');
    expect(await read()).toEqual({ personRunning: 5, personWaiting: 2 });
    expect(await codeOf(change(operator, { personRunning: 21 }))).toBe('setting-malformed');
  });

  it('lose a suffix of nothing but spaces', async () => {
    await change(administrator, { suffix: 'ink' });
    await change(administrator, { suffix: '  ' });
    expect(await read()).toEqual({});
  });

  it('are replaced by a file, except for what only operators decide and what is about single people', async () => {
    await relay.policies.update(book, () => ({
      people: { max: 5 },
      ceiling: 8_000,
      accounts: ['main'],
      private: true,
    }));
    await importFile(administrator, { points: 500, budget: 7_000 });
    expect(await read()).toEqual({
      people: { max: 5 },
      ceiling: 8_000,
      accounts: ['main'],
      points: 500,
      budget: 7_000,
    });
    expect(await codeOf(importFile(administrator, { budget: 9_000 }))).toBe('budget-too-high');
    expect(await codeOf(importFile(administrator, { points: 1e15 }))).toBe('points-malformed');
    expect(await codeOf(importFile(administrator, { roles: { [book]: 5 } }))).toBe('everyone-needs-no-rule');
    expect(await codeOf(relay.serverSettings.import(administrator, { ...file, bytes: 1e6 }))).toBe(
      'settings-file-too-large',
    );
    const unknown = { commandRoles: { imagine: ['123456789012345678'] } };
    expect(await codeOf(importFile(administrator, unknown))).toBe('settings-file-wrong');
    expect((await read()).budget).toBe(7_000);
  });
});
