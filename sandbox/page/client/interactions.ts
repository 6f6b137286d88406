import type { Action, Outcome, PageInteraction } from '../protocol.ts';
import { send } from './connection.ts';
import { openModal, type Values } from './modal.ts';
import type { Store } from './store.ts';

/** Interactions that this tab started: their modals open only here, and their failures are shown here. */
export interface Interactions {
  begin(action: Action): Promise<Outcome>;
  /** Resolves once the bot has answered, or Discord has given up on it; a refusal is shown. */
  beginAndWait(action: Action): Promise<void>;
}

/** The end of an interaction may arrive before the tab knows its id. */
const remembered = 50;

export function createInteractions(store: Store, complain: (text: string) => void): Interactions {
  const ended: PageInteraction[] = [];
  const waiting = new Map<string, (interaction: PageInteraction) => void>();

  store.on(['interaction'], (change) => {
    if (change?.type !== 'interaction' || change.interaction.state === 'pending') return;
    const { interaction } = change;
    waiting.get(interaction.id)?.(interaction);
    waiting.delete(interaction.id);
    ended.push(interaction);
    if (ended.length > remembered) ended.shift();
  });

  async function follow(id: string): Promise<void> {
    const known = ended.find((interaction) => interaction.id === id);
    const interaction = known ?? (await new Promise<PageInteraction>((resolve) => waiting.set(id, resolve)));
    const { modal, state, isCommand, personId } = interaction;
    if (modal) openModal(modal, store, (values) => submit(id, personId, values));
    if (state === 'failed' && !isCommand)
      complain('This interaction failed: the bot did not answer in time.');
  }

  async function submit(
    interactionId: string,
    personId: string,
    values: Values,
  ): Promise<string | undefined> {
    const outcome = await begin({ do: 'submit', personId, interactionId, values });
    return outcome.done ? undefined : outcome.says;
  }

  async function begin(action: Action): Promise<Outcome> {
    const outcome = await send(action);
    if (outcome.done && outcome.interactionId !== undefined) void follow(outcome.interactionId);
    return outcome;
  }

  return {
    begin,
    async beginAndWait(action) {
      const outcome = await send(action);
      complain(outcome.done ? '' : outcome.says);
      if (outcome.done && outcome.interactionId !== undefined) await follow(outcome.interactionId);
    },
  };
}
