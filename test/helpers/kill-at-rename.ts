import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded before a program: it dies right before it renames for the nth time, as if the machine had lost its power. */
const { rename } = promises;
let left = Number(process.env['KILL_AT_RENAME']);
promises.rename = async (from, to) => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
};
syncBuiltinESMExports();
