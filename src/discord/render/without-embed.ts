import { takeFitting } from './embed.ts';
import { contentLimit, type RenderedMessage } from './message.ts';

/** The message for a channel that allows no embeds: as much of what its embed says as fits below its first line. */
export function withoutEmbed(message: RenderedMessage): RenderedMessage {
  const lines = message.embeds.flatMap(({ description }) => description?.split('\n') ?? []);
  return { ...message, content: takeFitting([message.content, ...lines], contentLimit), embeds: [] };
}
