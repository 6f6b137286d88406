import type { Channel, Discord, Interaction, Person, Upload } from '../discord/index.ts';
import type { BotControl } from './bot-control.ts';
import type { Feed } from './feed.ts';
import type { Action, ModalValue, Outcome, SentCommand, SentFile, SentValue } from './protocol.ts';
import type { PageState } from './state.ts';
import type { Switches } from './switches.ts';

export interface ActionParts {
  discord: Discord;
  state: PageState;
  feed: Feed;
  switches: Switches;
  bot: BotControl;
}

/** Does what a person asks for on the page; what Discord's client would refuse comes back as a sentence. */
export function createActions(parts: ActionParts): (action: Action) => Promise<Outcome> {
  const act = createActing(parts);
  return async (action) => {
    try {
      return await act(action);
    } catch (error) {
      return { done: false, says: error instanceof Error ? error.message : String(error) };
    }
  };
}

const done: Outcome = { done: true };

function createActing({ discord, state, feed, switches, bot }: ActionParts) {
  const { world } = discord;

  function findPerson(id: string): Person {
    const person = world.findPerson(id);
    if (!person) throw new Error(`There is no person ${id}`);
    return person;
  }

  function findChannel(id: string): Channel {
    const channel = world.findChannel(id);
    if (!channel) throw new Error(`There is no channel ${id}`);
    return channel;
  }

  function toRun({ personId, channelId, command, subcommand, options }: SentCommand) {
    return {
      person: findPerson(personId),
      channel: findChannel(channelId),
      command,
      ...(subcommand !== undefined && { subcommand }),
      options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, toValue(value)])),
    };
  }

  function turn(name: string, value: string): void {
    switches.turn(name, value);
    state.switchesChanged();
    const { label, options = [] } = switches.list().find((one) => one.name === name) ?? {};
    const chosen = options.find((option) => option.value === value);
    feed.add({ who: 'sandbox', text: `${label}: ${chosen?.label}` });
  }

  const started = ({ id }: Interaction): Outcome => ({ done: true, interactionId: id });

  return async (action: Action): Promise<Outcome> => {
    switch (action.do) {
      case 'run':
        return started(await discord.run(toRun(action)));
      case 'autocomplete': {
        const choices = await discord.autocomplete({ ...toRun(action), focused: action.focused });
        return { done: true, choices };
      }
      case 'say': {
        const place = { person: findPerson(action.personId), channel: findChannel(action.channelId) };
        discord.say({ ...place, content: action.content });
        return done;
      }
      case 'click': {
        const { messageId: message, customId } = action;
        return started(await discord.click({ person: findPerson(action.personId), message, customId }));
      }
      case 'choose': {
        const { messageId: message, customId, values } = action;
        return started(
          await discord.choose({ person: findPerson(action.personId), message, customId, values }),
        );
      }
      case 'submit': {
        const interaction = discord.interactions.find(({ id }) => id === action.interactionId);
        if (!interaction) throw new Error('This modal is gone: the sandbox was restarted.');
        const values = Object.fromEntries(
          Object.entries(action.values).map(([name, value]) => [name, toModalValue(value)]),
        );
        return started(await discord.submit({ person: findPerson(action.personId), interaction, values }));
      }
      case 'run-on-message': {
        const { messageId: message, command } = action;
        return started(await discord.runOnMessage({ person: findPerson(action.personId), message, command }));
      }
      case 'run-on-person': {
        const place = { person: findPerson(action.personId), channel: findChannel(action.channelId) };
        const target = findPerson(action.targetId);
        return started(await discord.runOnPerson({ ...place, target, command: action.command }));
      }
      case 'dismiss':
        state.dismiss(action.messageId);
        return done;
      case 'dismiss-failure':
        state.dismissFailure(action.interactionId);
        return done;
      case 'delete': {
        const message = discord.message(action.messageId);
        if (!message) throw new Error('This message is gone already.');
        discord.remove(message);
        return done;
      }
      case 'locale':
        findPerson(action.personId).locale = action.locale;
        state.peopleChanged();
        return done;
      case 'switch':
        turn(action.name, action.value);
        return done;
      case 'cut-gateway':
        discord.gateway.cut();
        return done;
      case 'clear-traffic':
        feed.clear();
        state.trafficCleared();
        return done;
      case 'kill':
        await bot.kill();
        return done;
      case 'start':
        bot.start();
        return done;
      case 'restart':
        await bot.restart();
        return done;
      default:
        throw new Error('The page asks for something that this sandbox does not know. Please reload it.');
    }
  };
}

function toUpload({ name, contentType, base64 }: SentFile): Upload {
  return { name, bytes: Buffer.from(base64, 'base64'), ...(contentType !== '' && { contentType }) };
}

function toValue(value: SentValue): string | number | boolean | Upload {
  return typeof value === 'object' ? toUpload(value.file) : value;
}

function toModalValue(value: ModalValue): string | boolean | readonly string[] | readonly Upload[] {
  return typeof value === 'object' && 'files' in value ? value.files.map(toUpload) : value;
}
