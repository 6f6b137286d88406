import { describe, expect, it } from 'vitest';
import { toProblem } from '../src/start-problems.ts';

const config = { admin: { host: 'admin.invalid', port: 8788 }, dataDirectory: './data' };

function failing(facts: object): Error {
  return Object.assign(new Error('the system says no'), facts);
}

describe('an error at the start', () => {
  it.each<[what: string, facts: object, problem: string]>([
    [
      'a port of another program',
      { syscall: 'listen', code: 'EADDRINUSE', port: 8788 },
      'ADMIN_HOST and ADMIN_PORT: nothing can listen there (EADDRINUSE): another program has port 8788; stop it, or set another ADMIN_PORT (0 for none)',
    ],
    [
      'a port for root',
      { syscall: 'listen', code: 'EACCES', port: 80 },
      'HTTP_HOST and HTTP_PORT: nothing can listen there (EACCES): only root may use port 80; set HTTP_PORT to one above 1023',
    ],
    [
      'an address of another machine',
      { syscall: 'listen', code: 'EADDRNOTAVAIL', port: 8788 },
      'ADMIN_HOST and ADMIN_PORT: nothing can listen there (EADDRNOTAVAIL): ADMIN_HOST has to be an address of this machine, such as 127.0.0.1 or 0.0.0.0',
    ],
    [
      'a name that nobody knows',
      { syscall: 'getaddrinfo', code: 'ENOTFOUND', hostname: 'here.invalid' },
      'HTTP_HOST and HTTP_PORT: nothing can listen there (ENOTFOUND): HTTP_HOST has to be an address of this machine',
    ],
    [
      'a name that nobody knows, for the admin port',
      { syscall: 'getaddrinfo', code: 'ENOTFOUND', hostname: 'admin.invalid' },
      'ADMIN_HOST and ADMIN_PORT: nothing can listen there (ENOTFOUND): ADMIN_HOST has to be an address of this machine',
    ],
    [
      'a folder of somebody else',
      { syscall: 'mkdir', code: 'EACCES', path: 'data' },
      `DATA_DIR: it cannot be written (EACCES): give data to the user who runs the bot (chown -R ${process.getuid?.()} data)`,
    ],
    [
      'a database of somebody else',
      { code: 'ERR_SQLITE_ERROR', errcode: 14 },
      'DATA_DIR: it cannot be written (ERR_SQLITE_ERROR): give ./data to the user who runs the bot',
    ],
    [
      'a disk that can only be read',
      { syscall: 'mkdir', code: 'EROFS', path: 'data/pictures' },
      'DATA_DIR: it cannot be written (EROFS): data/pictures is on a disk that can only be read',
    ],
    [
      'a full disk',
      { syscall: 'write', code: 'ENOSPC', path: 'data/x' },
      'DATA_DIR: it cannot be written (ENOSPC): the disk is full; make room',
    ],
    [
      'a full disk, as SQLite says it',
      { code: 'ERR_SQLITE_ERROR', errcode: 13 },
      'the disk is full; make room',
    ],
    [
      'a file in the way',
      { syscall: 'mkdir', code: 'EEXIST', path: 'data' },
      'there is a file where a folder has to be (data); move it, or choose another folder',
    ],
    [
      'a damaged database',
      { code: 'ERR_SQLITE_ERROR', errcode: 26 },
      'DATA_DIR: a database in ./data is damaged: run npm run doctor, and put a backup back',
    ],
    [
      'a damaged page',
      { code: 'ERR_SQLITE_ERROR', errcode: 11 | (1 << 8) },
      'DATA_DIR: a database in ./data is damaged',
    ],
  ])('names the variable and the cure for %s', (_what, facts, problem) => {
    expect(toProblem(failing(facts), config)).toContain(problem);
  });

  it.each([
    [{}],
    [{ code: 'ENOENT', path: '/etc/hosts' }],
    [{ code: 'EACCES', path: 'data-of-others/x' }],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 1 }],
  ])('is passed on if no variable would help: %o', (facts) => {
    expect(toProblem(failing(facts), config)).toBeUndefined();
  });
});
