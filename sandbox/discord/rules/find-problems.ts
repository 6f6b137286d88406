import type {
  APIApplicationCommandOptionChoice,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import type { NewCommand } from '../commands.ts';
import type { Payload } from '../multipart.ts';
import { findCommandProblems } from './command-rules.ts';
import type { FormContext, FormKind } from './form-kind.ts';
import type { CheckedBody } from './message-rules.ts';
import { findMessageProblems } from './message-rules.ts';
import { findModalProblems } from './modal-rules.ts';
import type { Problem } from './problem.ts';
import { refusedBecause, unwise } from './problem.ts';
import { findSchemaProblems } from './schema.ts';

/** Everything wrong with a body: first Discord's published schemas, then the rules that are only in its docs. */
export function findProblems(kind: FormKind, call: Payload, context: FormContext): Problem[] {
  const problems = findSchemaProblems(kind, call.body);
  // The handwritten rules trust a body's types, so they need one that the schemas accept.
  if (problems.some(({ refused }) => refused)) return problems;
  return [...problems, ...findWrittenProblems(kind, call, context)];
}

function findWrittenProblems(
  kind: FormKind,
  call: Payload,
  { existing, interaction }: FormContext,
): Problem[] {
  const { files } = call;
  switch (kind) {
    case 'globalCommands':
    case 'guildCommands':
      return findCommandProblems(call.body as NewCommand[], kind === 'globalCommands');
    case 'callback':
      return findInCallback(call, existing, interaction);
    default: {
      const body = (call.body ?? {}) as CheckedBody;
      return findMessageProblems({ body, files, existing, isByInteraction: kind === 'followUp', at: [] });
    }
  }
}

function findInCallback(
  { body, files }: Payload,
  existing: FormContext['existing'],
  interaction: FormContext['interaction'],
): Problem[] {
  const { type, data } = body as { type: InteractionResponseType; data?: object | null };
  const at = ['data'];
  switch (type) {
    case InteractionResponseType.ChannelMessageWithSource:
      return findMessageProblems({ body: data ?? {}, files, existing: undefined, isByInteraction: true, at });
    case InteractionResponseType.UpdateMessage:
      return findMessageProblems({ body: data ?? {}, files, existing, isByInteraction: true, at });
    case InteractionResponseType.DeferredChannelMessageWithSource:
      return findInDeferral(data ?? {});
    case InteractionResponseType.DeferredMessageUpdate:
      return Object.keys(data ?? {}).length > 0 ? [unwise(at, 'a deferred update carries no data')] : [];
    case InteractionResponseType.Modal:
      return findModalProblems(data as APIModalInteractionResponseCallbackData, at);
    case InteractionResponseType.ApplicationCommandAutocompleteResult:
      return findInChoices((data ?? {}) as Choices, interaction);
    default:
      return [];
  }
}

/** "The only valid message flag you may use is EPHEMERAL" (receiving-and-responding, "Interaction Callback Type"). */
function findInDeferral(data: CheckedBody): Problem[] {
  const fields = Object.keys(data).filter((key) => !['flags', 'tts', 'enforce_nonce'].includes(key));
  const isOther = ((data.flags ?? 0) & ~MessageFlags.Ephemeral) !== 0;
  return [
    ...fields.map((field) => unwise(['data', field], 'a deferral carries no message')),
    ...(isOther ? [unwise(['data', 'flags'], 'a deferral knows the EPHEMERAL flag only')] : []),
  ];
}

interface Choices {
  choices?: APIApplicationCommandOptionChoice[] | null;
}

/** Option types whose choices are numbers (application-commands, "Application Command Option Type"). */
const NUMERIC: readonly number[] = [4, 10];

function findInChoices({ choices }: Choices, interaction: FormContext['interaction']): Problem[] {
  const focused = findFocused((interaction?.payload as { data?: SentOptions } | undefined)?.data);
  if (!focused) return [];
  const expected = NUMERIC.includes(focused.type) ? 'number' : 'string';
  return (choices ?? []).flatMap(({ value }, index) => {
    const path = ['data', 'choices', index, 'value'];
    if (typeof value !== expected) {
      return [refusedBecause(path, 'BASE_TYPE_BAD_TYPE', `Must be of type ${expected}`)];
    }
    const isLong = typeof value === 'string' && value.length > 100;
    return isLong ? [refusedBecause(path, 'BASE_TYPE_BAD_LENGTH', 'Must be 100 or fewer in length.')] : [];
  });
}

interface SentOptions {
  options?: (SentOptions & { type: number; focused?: boolean })[];
}

function findFocused(data: SentOptions | undefined): { type: number } | undefined {
  for (const option of data?.options ?? []) {
    const found = option.focused ? option : findFocused(option);
    if (found) return found;
  }
  return undefined;
}
