import type { Problem } from './rules/problem.ts';
import { toErrorTree } from './rules/problem.ts';

/**
 * An answer from Discord that isn't a success. Codes and words are from Discord docs, opcodes-and-status-codes;
 * each status is what clients report, because the docs don't list it.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: object | undefined;

  constructor(status: number, code: number, message: string, errors?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  toBody(): object {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

export const refuse = {
  unauthorized: () => new Refusal(401, 0, '401: Unauthorized'),
  unknownRoute: () => new Refusal(404, 0, '404: Not Found'),
  unknownChannel: () => new Refusal(404, 10003, 'Unknown Channel'),
  unknownGuild: () => new Refusal(404, 10004, 'Unknown Guild'),
  unknownMessage: () => new Refusal(404, 10008, 'Unknown Message'),
  unknownUser: () => new Refusal(404, 10013, 'Unknown User'),
  unknownWebhook: () => new Refusal(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new Refusal(404, 10062, 'Unknown interaction'),
  otherApplication: () =>
    new Refusal(403, 20012, 'You are not authorized to perform this action on this application'),
  alreadyAcknowledged: () => new Refusal(400, 40060, 'Interaction has already been acknowledged.'),
  tooManyFollowUps: () =>
    new Refusal(400, 40094, 'This interaction has reached the maximum number of follow-up messages'),
  tooLarge: () => new Refusal(413, 40005, 'Request entity too large'),
  missingAccess: () => new Refusal(403, 50001, 'Missing Access'),
  notTheAuthor: () => new Refusal(403, 50005, 'Cannot edit a message authored by another user'),
  closedToDirectMessages: () => new Refusal(403, 50007, 'Cannot send messages to this user'),
  emptyMessage: () => new Refusal(400, 50006, 'Cannot send an empty message'),
  missingPermissions: () => new Refusal(403, 50013, 'Missing Permissions'),
  invalidToken: () => new Refusal(401, 50027, 'Invalid Webhook Token'),
  invalidVersion: () => new Refusal(400, 50041, 'Invalid API version provided'),
  archivedThread: () => new Refusal(400, 50083, 'Thread is archived'),
  entryPointMissing: () =>
    new Refusal(
      400,
      50240,
      "You cannot remove this app's Entry Point command in a bulk update operation. Please include the Entry Point " +
        'command in your update request or delete it separately.',
    ),
  invalidJson: () => new Refusal(400, 50109, 'The request body contains invalid JSON.'),
  lockedThread: () => new Refusal(400, 160005, 'This thread is locked'),
  /** Seen by clients (discord-api-docs#8424); the source is for adults only, and the target isn't. */
  ageRestrictedReference: () => new Refusal(400, 160010, 'NSFW channel message reference not allowed'),
  noHistoryOfReference: () =>
    new Refusal(400, 160009, 'Cannot reference a message without permission to read message history'),
  form: (problems: readonly Problem[]) => new Refusal(400, 50035, 'Invalid Form Body', toErrorTree(problems)),
} as const;
