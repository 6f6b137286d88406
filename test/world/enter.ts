import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { names, toHosts } from './names.ts';

/*
 * Runs the tests of a world as in production, in a network namespace: with real names from a hosts file of its own, public
 * addresses on its loopback device, and TLS from an authority that is thrown away afterwards. Nothing outside sees it, and it
 * reaches nothing outside. With `WORLD=required` it fails if the machine doesn't allow that.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function run(command: string, ...words: string[]): void {
  execFileSync(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** How to make a namespace here: as root, or as a user who becomes root in it. `undefined` if neither works. */
export function findUnshare(): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const ways = [
    ['--net', '--mount', '--kill-child'],
    ['--map-root-user', '--net', '--mount', '--kill-child'],
  ];
  return ways.find((way) => {
    const test = ['sh', '-c', 'ip link set lo up && mount --bind /etc/hosts /etc/hosts && openssl version'];
    return spawnSync('unshare', [...way, ...test], { stdio: 'ignore' }).status === 0;
  });
}

/** Makes an authority, and one certificate of it for all names. */
function makeCertificates(folder: string): void {
  const path = (name: string) => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = [
    '-subj',
    '/CN=A throw-away authority',
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.pem'),
  ];
  run('openssl', 'req', '-x509', '-days', '2', ...key, ...authority);
  run(
    'openssl',
    'req',
    ...key,
    '-subj',
    '/CN=world',
    '-keyout',
    path('key.pem'),
    '-out',
    path('request.pem'),
  );
  writeFileSync(
    path('names'),
    `subjectAltName=${Object.keys(names)
      .map((name) => `DNS:${name}`)
      .join(',')}\n`,
  );
  const signing = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', '2'];
  run(
    'openssl',
    'x509',
    '-req',
    '-in',
    path('request.pem'),
    ...signing,
    '-extfile',
    path('names'),
    '-out',
    path('cert.pem'),
  );
}

function enter(): number {
  const unshare = findUnshare();
  if (unshare === undefined) {
    say('The world as in production was skipped: it needs Linux with unshare, ip, mount and openssl.');
    return process.env['WORLD'] === 'required' ? 1 : 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'relay-world-'));
  try {
    makeCertificates(folder);
    writeFileSync(join(folder, 'hosts'), toHosts());
    const again = [process.execPath, fileURLToPath(import.meta.url), 'inside', ...process.argv.slice(2)];
    const env = { ...process.env, WORLD_FOLDER: folder, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    return spawnSync('unshare', [...unshare, ...again], { cwd: root, stdio: 'inherit', env }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Inside the namespace: sets up its addresses and names, then runs the tests. */
function test(): number {
  run('ip', 'link', 'set', 'lo', 'up');
  for (const address of Object.values(names).flat())
    run('ip', 'address', 'add', `${address}/${address.includes(':') ? '128' : '32'}`, 'dev', 'lo');
  run('mount', '--bind', join(process.env['WORLD_FOLDER'] ?? '', 'hosts'), '/etc/hosts');
  const vitest = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/world/vitest.config.ts',
  ];
  const filters = process.argv.slice(3);
  return spawnSync(process.execPath, [...vitest, ...filters], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (import.meta.main) process.exitCode = process.argv[2] === 'inside' ? test() : enter();
