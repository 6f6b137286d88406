import type { APIButtonComponent } from 'discord-api-types/v10';
import { ButtonStyle, MessageFlags } from 'discord-api-types/v10';
import { buttonsOf, customIdOf, labelOf } from './components.ts';
import type { Message } from './records.ts';

interface Wanted {
  readonly customId?: string | undefined;
  /** Its label, or its emoji. */
  readonly label?: string | undefined;
}

/** The one button that a person means and can press; throws, in words, if there isn't one. */
export function findButton(message: Message, { customId, label }: Wanted) {
  const buttons = buttonsOf(message);
  const isWanted = (button: APIButtonComponent) =>
    customId === undefined
      ? labelOf(button) === label || emojiOf(button) === label
      : customIdOf(button) === customId;
  const [button, another] = buttons.filter(isWanted);
  const wanted = customId ?? label ?? 'nothing';
  const known = buttons.map(labelOf).join(', ') || 'none';
  if (!button) throw new Error(`message ${message.id} has no button "${wanted}"; it has ${known}`);
  if (another) throw new Error(`message ${message.id} has several buttons "${wanted}"`);
  if (button.style === ButtonStyle.Link || button.style === ButtonStyle.Premium) {
    throw new Error(`button "${labelOf(button)}" tells the bot nothing`);
  }
  if (button.disabled) throw new Error(`button "${labelOf(button)}" is disabled`);
  if (message.flags & MessageFlags.Loading) throw new Error(`message ${message.id} is still loading`);
  return button;
}

function emojiOf(button: APIButtonComponent): string | undefined {
  return button.style === ButtonStyle.Premium ? undefined : button.emoji?.name;
}
