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

  it.each(['plain', 'with#sign', 'a "b" c', 'back\\slash', 'x=y', '$HOME', '=='])(
    'gives %j back',
    (value) => {
      expect(valuesOf(withValues('', { A: value }))).toEqual({ A: value });
    },
  );

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
