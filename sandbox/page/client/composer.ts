import type { Action, Outcome, SentCommand } from '../protocol.ts';
import { type CommandLine, createCommandLine, type Runnable, toRunnables } from './command-line.ts';
import { createCompletion } from './completion.ts';
import { button, element, icon } from './element.ts';
import { takeDrops } from './files.ts';
import { icons } from './icons.ts';
import type { Store } from './store.ts';

export interface Composer {
  readonly element: HTMLElement;
  /** Opens that command with values filled in, as a hint for new people. */
  begin(name: string, values: Readonly<Record<string, string>>): void;
  /** Shows what the client would not let a person do. */
  complain(text: string): void;
}

const slash = 1;

/** Where people write, and choose commands with their options. */
export function createComposer(store: Store, send: (action: Action) => Promise<Outcome>): Composer {
  const completion = createCompletion();
  const input = element('textarea', {
    rows: 1,
    class: 'message-input',
    role: 'combobox',
    'aria-label': 'Message',
    'aria-controls': 'completion',
    'aria-expanded': false,
    autocomplete: 'off',
    maxlength: 2_000,
  });
  const notice = element('p', { class: 'notice', role: 'alert', hidden: true });
  const submit = button('Send', { class: 'round send' }, icon(icons.send));
  const place = element('div', { class: 'composer-place' }, input);
  const bar = element('div', { class: 'composer-bar' }, place, submit);
  const frame = element('div', { class: 'composer' }, notice, completion.element, bar);
  let line: CommandLine | undefined;

  function complain(text: string): void {
    notice.textContent = text;
    notice.hidden = text === '';
  }

  const listRunnables = (): Runnable[] =>
    store.visibleCommands(slash).flatMap((command) => toRunnables(command, store.person.locale));

  function suggestCommands(): void {
    const [, typed] = /^\/(.*)$/s.exec(input.value) ?? [];
    input.setAttribute('aria-expanded', String(typed !== undefined));
    if (typed === undefined) {
      completion.hide();
      return;
    }
    const wanted = typed.toLowerCase();
    const runnables = listRunnables();
    const exact = runnables.find(({ title }) => `${title.slice(1)} `.toLowerCase() === wanted);
    if (exact) {
      open(exact);
      return;
    }
    const items = runnables
      .filter(({ title }) => title.slice(1).toLowerCase().includes(wanted.trim()))
      .map((runnable) => ({
        label: runnable.title,
        description: runnable.note,
        source: store.snapshot.bot.name,
        pick: () => open(runnable),
      }));
    const nothing =
      runnables.length === 0 ? 'No commands are registered for you here' : 'No command is called that';
    completion.show({
      title: 'Commands',
      note: items.length === 0 ? nothing : undefined,
      items,
      isEager: true,
    });
  }

  function open(runnable: Runnable): void {
    complain('');
    line = createCommandLine(runnable, {
      store,
      completion,
      complain,
      async autocomplete(command, focused) {
        const outcome = await send({ do: 'autocomplete', focused, ...command });
        if (!outcome.done) throw new Error(`Loading options failed. ${outcome.says}`);
        return outcome.choices ?? [];
      },
      run: (command) => void run(command, runnable),
      leave,
    });
    input.value = '';
    completion.hide();
    place.replaceChildren(line.element);
    line.focus();
  }

  /** The line is cleared at once; a refused command comes back unchanged. */
  async function run(command: SentCommand, runnable: Runnable): Promise<void> {
    const sent = line;
    leave();
    const outcome = await send({ do: 'run', ...command });
    if (outcome.done) return;
    if (line === undefined && input.value === '' && sent) {
      line = sent;
      place.replaceChildren(sent.element);
      sent.focus();
    }
    complain(outcome.says || `${runnable.title} was refused.`);
  }

  function leave(): void {
    line = undefined;
    completion.hide();
    complain('');
    place.replaceChildren(input);
    input.focus();
  }

  async function say(): Promise<void> {
    const content = input.value.trim();
    if (content === '') return;
    if (content.startsWith('/'))
      return complain('Choose a command from the list: Discord sends nothing that begins with a slash.');
    input.value = '';
    const outcome = await send({ do: 'say', ...store.view, content });
    if (!outcome.done) complain(outcome.says);
  }

  input.oninput = () => {
    complain('');
    suggestCommands();
  };
  input.onfocus = suggestCommands;
  input.onkeydown = (event) => {
    if (completion.takeKey(event)) event.preventDefault();
    else if (event.key === 'Escape') completion.hide();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void say();
    }
  };
  frame.addEventListener('focusout', (event) => {
    if (!frame.contains(event.relatedTarget as Node | null)) completion.hide();
  });
  submit.onclick = () => void (line ? line.submit() : say());

  takeDrops(document.body, (files) => {
    const [file] = files;
    if (!file) return complain('This cannot be dropped here. Drop a file.');
    if (!line)
      return complain('Choose a command that takes a file first, as /imagine with image1; then drop it.');
    if (!line.takeFile(file)) complain('This command takes no more files.');
  });

  function showPlace(): void {
    const { kind, name } = store.channel;
    const where = kind === 'direct' ? `@${store.snapshot.bot.name}` : `#${name}`;
    input.placeholder = `Message ${where}, or / for a command`;
    if (line) leave();
  }
  store.on(['commands'], () => {
    if (!line && document.activeElement === input) suggestCommands();
  });
  store.on(['view'], showPlace);
  store.on(['snapshot'], () => {
    if (!line) showPlace();
  });

  return {
    element: frame,
    complain,
    begin(name, values) {
      const runnable = listRunnables().find(({ command }) => command.name === name);
      if (!runnable) return complain(`/${name} is not registered yet. Is the bot running?`);
      open(runnable);
      line?.fill(values);
      line?.focus();
    },
  };
}
