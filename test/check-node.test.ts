import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const file = fileURLToPath(new URL('../check-node.cjs', import.meta.url));

function checkWith(version: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
  const code = `${pretend}; require(${JSON.stringify(file)})`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
  return { status, stderr };
}

describe('the check of Node', () => {
  it.each(['18.20.4', '20.20.2', '22.99.0', '24.14.9'])('refuses %s with one sentence', (version) => {
    const { status, stderr } = checkWith(version);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^midjourney-relay needs Node 24.15 or newer, and this is Node ${version}\\. .*\n$`),
    );
  });

  it.each(['24.15.0', '24.21.0', '25.0.0', '100.1.1'])('takes %s', (version) => {
    expect(checkWith(version)).toEqual({ status: 0, stderr: '' });
  });

  it('comes before everything that an operator runs', () => {
    const { scripts } = manifest;
    const checks = [scripts.prestart, scripts.presetup, scripts.predeploy, scripts.predoctor];
    expect(new Set(checks)).toEqual(new Set(['node check-node.cjs']));
  });

  it('finds the Node that the scripts use among what an operator installs', () => {
    expect(manifest.dependencies.node).toMatch(/^24\./);
  });
});
