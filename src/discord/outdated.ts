import { UserError } from '../errors.ts';

/**
 * The error, or what a person is told if discord.js (14, ErrorCodes.js) missed an option or a field that this version of
 * the bot knows: the command was registered before an update, the window opened before one, or a client left it out.
 */
export function toOutdated(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('CommandInteractionOption')) return new UserError('unknown-command');
  return code.startsWith('ModalSubmitInteractionField') ? new UserError('unknown-component') : error;
}
