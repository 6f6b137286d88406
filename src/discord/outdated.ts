import { UserError } from '../errors.ts';

/**
 * Returns the error, or the one for a person if discord.js (14, ErrorCodes.js) missed an option or field that this version
 * of the bot expects: the command was registered, or the modal opened, before an update, or a client left it out.
 */
export function toOutdated(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('CommandInteractionOption')) return new UserError('unknown-command');
  return code.startsWith('ModalSubmitInteractionField') ? new UserError('unknown-component') : error;
}
