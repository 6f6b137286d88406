import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvFile, valuesOf, withValues, writeEnvFile } from '../../src/setup/env-file.ts';
import { aFolder } from '../helpers/folder.ts';

describe('.env', () => {
  it('keeps what is there, and changes only what is set', () => {
    const text = '# my bot\nDISCORD_TOKEN=old\n# DATA_DIR=./data\nexport LOG_LEVEL=info\n\nOTHER=1';
    expect(withValues(text, { DISCORD_TOKEN: 'new', LOG_LEVEL: 'debug', PROVIDERS: 'main=apixo' })).toBe(
      '# my bot\nDISCORD_TOKEN=new\n# DATA_DIR=./data\nLOG_LEVEL=debug\n\nOTHER=1\nPROVIDERS=main=apixo\n',
    );
  });

  it.each([
    'plain',
    'with#sign',
    'a "b" c',
    'back\\slash',
    'back\\new',
    'x=y',
    '$HOME',
    '==',
    "it's",
    "'",
    `it's "#1"`,
    `'"\`mixed`,
  ])('returns %j as it was written', (value) => {
    expect(valuesOf(withValues('', { A: value, B: '1' }))).toEqual({ A: value, B: '1' });
  });

  it('says which value no quotes can hold', () => {
    expect(() => withValues('', { A: `x'"\`#` })).toThrow("A can't be written");
  });

  it.each([
    ['a variable that is set twice', 'A=1\nB=2\nA=3\n', { A: 'new', B: '2' }],
    ['a value of several lines', "A='one\ntwo'\nB=2\n", { A: 'new', B: '2' }],
    ['a value that looks like a line', "B='one\nA=1\n'\nA=2\n", { A: 'new', B: 'one\nA=1\n' }],
    ['a quote in a comment', "# it's\nA=1 # don't\nB='2'\n", { A: 'new', B: '2' }],
    ['a quote that is never closed', "A='1\nB=2\n", { A: 'new', B: '2' }],
    ['lines from Windows', 'A=1\r\nB=2\r\n', { A: 'new', B: '2' }],
  ])('understands %s', (_what, text, values) => {
    expect(valuesOf(withValues(text, { A: 'new' }))).toEqual(values);
  });

  it('is readable by its owner only, even if it was open, and leaves no draft', async () => {
    const folder = await aFolder();
    const path = join(folder.path, '.env');
    expect(readEnvFile(path)).toBe('');
    writeFileSync(path, '\ufeffA=1\n');
    chmodSync(path, 0o644);
    writeEnvFile(path, withValues(readEnvFile(path), { B: '2' }));
    expect(readFileSync(path, 'utf8')).toBe('A=1\nB=2\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path)).toEqual(['.env']);
    await folder.remove();
  });
});
