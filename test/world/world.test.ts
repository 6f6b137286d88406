import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findUnshare } from './enter.ts';

const unshare = findUnshare();
const isRequired = process.env['WORLD'] === 'required';
const needs = 'it needs Linux with unshare, ip, mount and openssl';

/** `npm run test:world` runs the same alone. */
it.skipIf(unshare === undefined && !isRequired)(
  `works in a world as in production, in a network namespace${unshare === undefined ? ` (${needs})` : ''}`,
  { timeout: 600_000 },
  async () => {
    const path = fileURLToPath(new URL('./enter.ts', import.meta.url));
    const run = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'] });
    const written = Promise.all([text(run.stdout), text(run.stderr)]);
    const code = await new Promise((resolve) => run.once('close', resolve));
    expect(code, (await written).join('\n')).toBe(0);
  },
);
