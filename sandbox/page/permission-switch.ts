import { PermissionFlagsBits } from 'discord-api-types/v10';
import type { World } from '../discord/index.ts';
import type { SwitchOption } from './protocol.ts';
import type { Turnable } from './turnable.ts';

const { ViewChannel, SendMessages, SendMessagesInThreads } = PermissionFlagsBits;

interface Lack extends SwitchOption {
  /** The permissions it takes away. */
  lacks: bigint;
}

const lacks: readonly Lack[] = [
  { value: 'all', label: 'Everything', says: 'Everything it needs to', lacks: 0n },
  {
    value: 'no-writing',
    label: 'Not write',
    says: 'Everything except write in the server’s channels (Send Messages); answers to commands still work',
    lacks: SendMessages | SendMessagesInThreads,
  },
  {
    value: 'no-viewing',
    label: 'Not see',
    says: 'Everything except see the server’s channels (View Channel); answers to commands still work, for 15 minutes',
    lacks: ViewChannel | SendMessages | SendMessagesInThreads,
  },
];

/** What the bot may do in the server's channels. */
export function createPermissionSwitch(world: World): Turnable {
  const full = new Map(world.everyChannel().map((channel) => [channel, channel.botPermissions]));
  let value = 'all';

  return {
    name: 'permissions',
    label: 'The bot may',
    options: lacks.map(({ lacks: _lacks, ...option }) => option),
    read: () => value,
    turn(next) {
      value = next;
      const taken = lacks.find((lack) => lack.value === next)?.lacks ?? 0n;
      for (const [channel, permissions] of full) {
        if (channel.guild) channel.botPermissions = permissions & ~taken;
      }
    },
  };
}
