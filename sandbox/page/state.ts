import { randomUUID } from 'node:crypto';
import { Locale } from 'discord-api-types/v10';
import type { Discord, TrafficEvent } from '../discord/index.ts';
import type {
  BotState,
  Change,
  LogLine,
  PageInteraction,
  Snapshot,
  Switch,
  TrafficLine,
} from './protocol.ts';
import { toPageChannel, toPageCommands, toPageInteraction, toPageMessage, toPagePerson } from './views.ts';

export interface StateParts {
  discord: Discord;
  send(change: Change): void;
  traffic(): readonly TrafficLine[];
  switches(): Switch[];
  botState(): BotState;
}

/** What every tab shows, and how it changes. */
export interface PageState {
  read(): Snapshot;
  hear(event: TrafficEvent): void;
  log(line: string): void;
  /** Ephemeral messages leave the screen of their person; at Discord this is the client's own doing too. */
  dismiss(messageId: string): void;
  dismissFailure(interactionId: string): void;
  peopleChanged(): void;
  switchesChanged(): void;
  trafficCleared(): void;
}

const keptMessages = 150;
const keptLogLines = 300;
const locales = [
  Locale.EnglishUS,
  Locale.EnglishGB,
  Locale.ChineseCN,
  Locale.ChineseTW,
  Locale.German,
  Locale.French,
  Locale.SpanishES,
  Locale.Japanese,
  Locale.Korean,
  Locale.PortugueseBR,
  Locale.Russian,
];

export function createPageState({ discord, send, traffic, switches, botState }: StateParts): PageState {
  const { world } = discord;
  const sandboxId = randomUUID();
  const dismissed = new Set<string>();
  const unanswered = new Map<string, PageInteraction>();
  const logLines: LogLine[] = [];
  let nextLogId = 1;

  const readPeople = () => world.everyPerson().map((person) => toPagePerson(person, discord));

  function listMessages() {
    const seeing = [undefined, ...world.everyPerson()];
    return world.everyChannel().flatMap((channel) => {
      const messages = new Set(seeing.flatMap((viewer) => discord.messages(channel.id, viewer)));
      return [...messages]
        .filter(({ id }) => !dismissed.has(id))
        .sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1))
        .slice(-keptMessages)
        .map(toPageMessage);
    });
  }

  function hearInteraction(
    event: Extract<TrafficEvent, { type: 'interaction' | 'acknowledged' | 'unacknowledged' }>,
  ) {
    const { interaction } = event;
    // People don't see an interaction when options are completed.
    if (interaction.type === 4) return;
    const shown = toPageInteraction(interaction, event.type === 'unacknowledged');
    if (shown.state === 'answered') unanswered.delete(shown.id);
    else unanswered.set(shown.id, shown);
    send({ type: 'interaction', interaction: shown });
  }

  return {
    read: () => ({
      sandboxId,
      bot: world.application,
      guild: { id: world.guild.id, name: world.guild.name },
      roles: world.guild.roles.map(({ id, name }) => ({ id, name })),
      people: readPeople(),
      channels: world.everyChannel().map((channel) => toPageChannel(channel, discord)),
      locales: locales.map((code) => ({ code, name: toLocaleName(code) })),
      commands: toPageCommands(discord),
      messages: listMessages(),
      interactions: [...unanswered.values()],
      traffic: traffic(),
      log: logLines,
      switches: switches(),
      botState: botState(),
      fileLimitBytes: discord.settings.attachmentSizeLimit,
      filesOrigin: new URL(discord.url).origin,
    }),
    hear(event) {
      switch (event.type) {
        case 'interaction':
        case 'acknowledged':
        case 'unacknowledged':
          hearInteraction(event);
          return;
        case 'message-created':
        case 'message-edited':
          if (!dismissed.has(event.message.id))
            send({ type: 'message', message: toPageMessage(event.message) });
          return;
        case 'message-deleted':
          send({ type: 'message-removed', id: event.message.id });
          return;
        case 'answered':
          if (event.request.method !== 'PUT') return;
          send({ type: 'commands', commands: toPageCommands(discord) });
          send({ type: 'people', people: readPeople() });
          return;
        default:
      }
    },
    log(text) {
      const line = toLogLine(nextLogId++, text);
      logLines.push(line);
      if (logLines.length > keptLogLines) logLines.shift();
      send({ type: 'log', line });
    },
    dismiss(messageId) {
      const message = discord.message(messageId);
      if (message && !message.visibleTo)
        throw new Error('Only messages that one person sees can be dismissed.');
      dismissed.add(messageId);
      send({ type: 'message-removed', id: messageId });
    },
    dismissFailure(interactionId) {
      unanswered.delete(interactionId);
      send({ type: 'interaction-removed', id: interactionId });
    },
    peopleChanged: () => send({ type: 'people', people: readPeople() }),
    switchesChanged: () => send({ type: 'switches', switches: switches() }),
    trafficCleared: () => send({ type: 'traffic-cleared' }),
  };
}

/** "简体中文 (zh-CN)", in the language itself. */
function toLocaleName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return `${name.slice(0, 1).toLocaleUpperCase(code)}${name.slice(1)}`;
}

const levels: Readonly<Record<number, LogLine['level']>> = {
  10: 'debug',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'error',
};

/** The bot writes JSON lines; anything else is a crash, or Node's own words. */
function toLogLine(id: number, text: string): LogLine {
  try {
    const { level, time: _time, pid: _pid, hostname: _hostname, msg, ...facts } = JSON.parse(text);
    const detail = Object.keys(facts).length > 0 ? { detail: JSON.stringify(facts, undefined, 2) } : {};
    return { id, level: levels[level] ?? 'info', text: String(msg), ...detail };
  } catch {
    return { id, level: 'error', text };
  }
}
