import { randomBytes } from 'node:crypto';
import type { Acknowledgement, Interaction, Message } from './records.ts';
import type { Settings } from './settings.ts';
import type { NextId } from './snowflakes.ts';
import type { Traffic } from './traffic.ts';

export type NewInteraction = Pick<
  Interaction,
  'type' | 'person' | 'channel' | 'summary' | 'personOnly' | 'forcedEphemeral'
> & { source?: Message; opener?: Interaction };

export interface Interactions {
  readonly list: Interaction[];
  create(input: NewInteraction): Interaction;
  find(id: string): Interaction | undefined;
  findByToken(token: string): Interaction | undefined;
  acknowledge(interaction: Interaction, type: number): void;
  hasExpired(interaction: Interaction): boolean;
  close(): void;
}

export function createInteractions(settings: Settings, traffic: Traffic, nextId: NextId): Interactions {
  const { now } = settings;
  const list: Interaction[] = [];
  const byId = new Map<string, Interaction>();
  const byToken = new Map<string, Interaction>();
  const pending = new Map<Interaction, { resolve(value: Acknowledgement): void; timer: NodeJS.Timeout }>();

  function forgetOldest(): void {
    if (list.length <= settings.remember * 1.25) return;
    for (const interaction of list.splice(0, list.length - settings.remember)) {
      byId.delete(interaction.id);
      byToken.delete(interaction.token);
    }
  }

  return {
    list,
    create(input) {
      const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
      promise.catch(() => undefined); // nobody needs to wait for it
      const id = nextId();
      const interaction: Interaction = {
        ...input,
        id,
        token: Buffer.from(`interaction:${id}:${randomBytes(24).toString('hex')}`).toString('base64url'),
        at: now(),
        attachmentSizeLimit: settings.attachmentSizeLimit,
        payload: {},
        followUps: [],
        modalSubmitted: false,
        expired: false,
        acknowledged: promise,
      };
      const deadlineMs = settings.acknowledgeWithinMs;
      const timer = setTimeout(() => {
        pending.delete(interaction);
        traffic.emit({ type: 'unacknowledged', at: now(), interaction });
        reject(new Error(`${input.summary} was not acknowledged within ${deadlineMs} ms`));
      }, deadlineMs);
      pending.set(interaction, { resolve, timer });
      list.push(interaction);
      byId.set(interaction.id, interaction);
      byToken.set(interaction.token, interaction);
      forgetOldest();
      return interaction;
    },
    find: (id) => byId.get(id),
    findByToken: (token) => byToken.get(token),
    acknowledge(interaction, type) {
      const acknowledgement = { type, afterMs: now() - interaction.at };
      interaction.acknowledgement = acknowledgement;
      const waiter = pending.get(interaction);
      clearTimeout(waiter?.timer);
      pending.delete(interaction);
      waiter?.resolve(acknowledgement);
      const { afterMs } = acknowledgement;
      traffic.emit({ type: 'acknowledged', at: now(), interaction, callback: type, afterMs });
    },
    hasExpired: (interaction) => interaction.expired || now() - interaction.at > settings.tokenLifeMs,
    close() {
      for (const { timer } of pending.values()) clearTimeout(timer);
      pending.clear();
    },
  };
}
