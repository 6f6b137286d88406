/** The least that discord.js can do: it answers "… is thinking" to everything. The bot is compared with it. */
import { Client, Events } from 'discord.js';

const client = new Client({ intents: [], rest: { api: process.env['DISCORD_API_URL'] ?? '' } });
client.once(Events.ClientReady, () => process.stdout.write('{"msg":"ready"}\n'));
client.on(Events.InteractionCreate, (interaction) => {
  if (interaction.isChatInputCommand()) void interaction.deferReply();
});
await client.login(process.env['DISCORD_TOKEN']);
