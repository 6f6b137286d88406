import type { Channel, Discord, Person } from '../sandbox/discord/index.ts';

/** Many people in many servers, so that nobody runs out of points or slots, and no server's queue is full. */
export interface Crowd {
  /** The next person types `/imagine`, with a prompt that nobody else has typed. */
  imagine(): Promise<void>;
}

const servers = 100;

/** `people` take turns. */
export function createCrowd({ discord, people }: { discord: Discord; people: number }): Crowd {
  const { world } = discord;
  const owner = world.people.administrator;
  const guilds = Array.from({ length: servers }, (_, index) =>
    world.addGuild({ name: `Server ${index}`, owner }),
  );
  const channels = guilds.map((guild) => world.addChannel({ name: 'pictures', guild }));
  const seats = Array.from({ length: people }, (_, index): { person: Person; channel: Channel } => {
    const channel = channels[index % servers];
    if (channel?.guild === undefined) throw new Error('Every server has a channel');
    return { person: world.addPerson({ name: `person${index}`, guilds: [channel.guild] }), channel };
  });
  let turn = 0;
  return {
    async imagine() {
      const seat = seats[turn % seats.length];
      turn += 1;
      if (seat === undefined) throw new Error('There is nobody');
      const prompt = `a lighthouse on a cliff at dusk, long exposure, warm light in the windows, number ${turn}`;
      await discord.run({ ...seat, command: 'imagine', options: { prompt } });
    },
  };
}
