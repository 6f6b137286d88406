import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readEnvFile } from '../src/setup/env-file.ts';
import { aFolder } from './helpers/folder.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = 'DISCORD_TOKEN=abc\r\nALLOWED_GUILDS=grün\r\n';
const littleEndian = Buffer.from(`\ufeff${text}`, 'utf16le');
const bigEndian = Buffer.from(littleEndian).swap16();

async function aFile(bytes: Buffer | string) {
  const folder = await aFolder();
  onTestFinished(folder.remove);
  writeFileSync(join(folder.path, '.env'), bytes);
  return folder.path;
}

/** What the program prints that runs in that folder with no other variables. */
function run(program: string, cwd: string): string {
  const words = ['--env-file-if-exists=.env', join(root, program)];
  const { stdout, stderr } = spawnSync(process.execPath, words, { cwd, env: {}, encoding: 'utf8' });
  return stdout + stderr;
}

describe('a .env that PowerShell or an editor saved as UTF-16', () => {
  it.each(['src/start.ts', 'deploy-commands.ts', 'src/doctor.ts'])('is named by %s', async (program) => {
    const said = run(program, await aFile(littleEndian));
    expect(said).toContain('.env: is saved as UTF-16, and only UTF-8 can be read: save it again as UTF-8');
  });

  it('is not named if it is UTF-8 and says too little', async () => {
    const said = run('src/start.ts', await aFile('ALLOWED_GUILDS=*\n'));
    expect(said).toContain('DISCORD_TOKEN: is required');
    expect(said).not.toContain('UTF-16');
  });

  it.each([
    ['UTF-16, the low byte first', littleEndian],
    ['UTF-16, the high byte first', bigEndian],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-8', Buffer.from(text)],
  ])('is read by the setup: %s', async (_how, bytes) => {
    expect(readEnvFile(join(await aFile(bytes), '.env'))).toBe(text);
  });
});
