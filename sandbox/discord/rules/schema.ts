import {
  ApplicationCommandAutocompleteCallbackRequestSchema,
  ApplicationCommandUpdateRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  IncomingWebhookRequestPartialSchema,
  IncomingWebhookUpdateRequestPartialSchema,
  MessageCreateRequestSchema,
  MessageEditRequestPartialSchema,
  ModalInteractionCallbackRequestSchema,
  UpdateMessageInteractionCallbackRequestSchema,
} from 'discord-api-spec/zod';
import type { core, ZodMiniType } from 'zod/mini';
import type { FormKind } from './form-kind.ts';
import type { Problem } from './problem.ts';
import { missing, refusedBecause, tooLong } from './problem.ts';

type Path = readonly (string | number)[];

const CALLBACKS: Readonly<Record<number, ZodMiniType>> = {
  4: CreateMessageInteractionCallbackRequestSchema,
  5: CreateMessageInteractionCallbackRequestSchema,
  6: UpdateMessageInteractionCallbackRequestSchema,
  7: UpdateMessageInteractionCallbackRequestSchema,
  8: ApplicationCommandAutocompleteCallbackRequestSchema,
  9: ModalInteractionCallbackRequestSchema,
};

const BODIES: Readonly<Record<Exclude<FormKind, 'callback'>, ZodMiniType>> = {
  followUp: IncomingWebhookRequestPartialSchema,
  webhookEdit: IncomingWebhookUpdateRequestPartialSchema,
  channelCreate: MessageCreateRequestSchema,
  channelEdit: MessageEditRequestPartialSchema,
  globalCommands: ApplicationCommandUpdateRequestSchema,
  guildCommands: ApplicationCommandUpdateRequestSchema,
};

/** What Discord publishes about its request bodies, from the npm package discord-api-spec. */
export function findSchemaProblems(kind: FormKind, body: unknown): Problem[] {
  if (kind === 'globalCommands' || kind === 'guildCommands') {
    if (!Array.isArray(body)) return [refusedBecause([], 'LIST_TYPE_CONVERT', 'Only iterables may be used')];
    return body.flatMap((command, index) =>
      findIn(BODIES[kind], withNumericPermissions(command)).map((problem) => below(index, problem)),
    );
  }
  const schema = kind === 'callback' ? CALLBACKS[toCallbackType(body)] : BODIES[kind];
  if (!schema) return [refusedBecause(['type'], 'BASE_TYPE_CHOICES', 'This callback type does not exist')];
  return findIn(schema, body ?? {});
}

function findIn(schema: ZodMiniType, body: unknown): Problem[] {
  const result = schema.safeParse(body);
  if (result.success) return findUnknownFields(body, result.data, []);
  return result.error.issues.flatMap((issue) => toProblems(issue, body, []));
}

function toProblems(issue: core.$ZodIssue, body: unknown, above: Path): Problem[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const value = readAt(body, path);
  switch (issue.code) {
    case 'invalid_union': {
      const branch = chooseBranch(issue.errors);
      if (branch) return branch.flatMap((inner) => toProblems(inner, body, path));
      return [refusedBecause(path, 'UNION_TYPE_CHOICES', 'Value does not fit any of the possible types')];
    }
    case 'invalid_type':
      if (value === undefined) return isNameOfEmoji(path, body) ? [] : [missing(path)];
      if (isOtherSpelling(issue.expected, value)) return [];
      return [refusedBecause(path, 'BASE_TYPE_BAD_TYPE', `Must be of type ${issue.expected}`)];
    case 'too_big':
      if (issue.origin === 'string' || issue.origin === 'array') {
        return [tooLong(path, (value as { length: number }).length, Number(issue.maximum))];
      }
      return [refusedBecause(path, 'NUMBER_TYPE_MAX', `Must be at most ${issue.maximum}`)];
    case 'too_small':
      return [
        refusedBecause(path, 'BASE_TYPE_BAD_LENGTH', `Must be at least ${issue.minimum} (length or value)`),
      ];
    case 'invalid_value':
      if (value === undefined) return [missing(path)];
      if (isForward(path, value)) return [];
      return [refusedBecause(path, 'BASE_TYPE_CHOICES', `Must be one of ${issue.values.join(', ')}`)];
    case 'invalid_format':
      if (issue.format === 'datetime' && !Number.isNaN(Date.parse(String(value)))) return [];
      return [refusedBecause(path, 'BASE_TYPE_BAD_FORMAT', `Not a well formed ${issue.format}`)];
    default:
      return [refusedBecause(path, 'BASE_TYPE_BAD_VALUE', issue.message)];
  }
}

/** The branch that was meant is the one whose `type` matches; without types, the only one with problems. */
function chooseBranch(
  branches: readonly (readonly core.$ZodIssue[])[],
): readonly core.$ZodIssue[] | undefined {
  const meant = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 1 && issue.path[0] === 'type'),
  );
  return meant.length === 1 ? meant[0] : undefined;
}

/** An uploaded emoji is identified by its id; discord.js sends nothing else if a builder only got the id. */
function isNameOfEmoji(path: Path, body: unknown): boolean {
  const parent = readAt(body, path.slice(0, -1));
  return path.at(-1) === 'name' && path.at(-2) === 'emoji' && isRecord(parent) && Boolean(parent['id']);
}

/** The schemas only know replies; forwards are in the docs (resources/message, "Message Reference Types"). */
function isForward(path: Path, value: unknown): boolean {
  return path.at(-2) === 'message_reference' && path.at(-1) === 'type' && value === 1;
}

/** Discord takes integers as digits and ids as numbers, which the schemas don't know. */
function isOtherSpelling(expected: string, value: unknown): boolean {
  if (typeof value === 'string') return ['number', 'int'].includes(expected) && /^-?\d+$/.test(value);
  return typeof value === 'number' && expected === 'string' && Number.isSafeInteger(value);
}

/**
 * Real fields that the schemas lack: `tts` and `enforce_nonce` are sent by discord.js with everything, `file_types` and
 * `is_spoiler` are from 2026, the rest is only in the docs.
 */
const NOT_IN_THE_SCHEMAS = new Set([
  'tts',
  'nonce',
  'enforce_nonce',
  'animated',
  'nsfw',
  'file_types',
  'is_spoiler',
  'dm_permission',
]);

/**
 * The schemas drop unknown fields, so the difference shows misspelled ones. Discord ignores those. Listed attachments
 * are exempt: to keep a file, discord.js sends back its own object with everything in it.
 */
function findUnknownFields(sent: unknown, known: unknown, path: Path): Problem[] {
  if (Array.isArray(sent) && Array.isArray(known)) {
    return sent.flatMap((entry, index) => findUnknownFields(entry, known[index], [...path, index]));
  }
  if (!isRecord(sent) || !isRecord(known)) return [];
  return Object.keys(sent).flatMap((key) => {
    if (key in known) return findUnknownFields(sent[key], known[key], [...path, key]);
    if (NOT_IN_THE_SCHEMAS.has(key) || path.at(-2) === 'attachments') return [];
    return [
      { path: [...path, key], code: 'UNKNOWN_FIELD', message: 'Discord knows no such field', refused: false },
    ];
  });
}

/** Permissions are documented as text and specified as numbers. */
function withNumericPermissions(command: unknown): unknown {
  if (!isRecord(command) || typeof command['default_member_permissions'] !== 'string') return command;
  return { ...command, default_member_permissions: Number(command['default_member_permissions']) };
}

function toCallbackType(body: unknown): number {
  return isRecord(body) ? Number(body['type']) : Number.NaN;
}

function below(key: string | number, problem: Problem): Problem {
  return { ...problem, path: [key, ...problem.path] };
}

function readAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
    value,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
