import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import type { ModalValue } from '../protocol.ts';
import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';
import { toFields } from './modal-fields.ts';
import type { Store } from './store.ts';
import { toAvatar } from './words.ts';

export type Values = Readonly<Record<string, ModalValue>>;

/** Shows a modal. `submit` returns the reason if it was refused, or nothing once it was sent. */
export function openModal(
  modal: APIModalInteractionResponseCallbackData,
  store: Store,
  submit: (values: Values) => Promise<string | undefined>,
): void {
  const fields = modal.components.flatMap((component) => toFields(component, store));
  const problem = element('p', { class: 'problem', role: 'alert' });
  const send = element('button', { type: 'submit', class: 'button-primary' }, 'Submit');
  const form = element(
    'form',
    { novalidate: true },
    element(
      'header',
      {},
      element('img', { src: toAvatar(undefined), alt: '', class: 'avatar small' }),
      element('h2', {}, modal.title),
      button('Close', { class: 'round', onclick: () => dialog.close() }, icon(icons.close)),
    ),
    element(
      'p',
      { class: 'modal-note' },
      `This form goes to ${store.snapshot.bot.name}. Do not share passwords or other sensitive information.`,
    ),
    element('div', { class: 'fields' }, ...fields.map((field) => field.element)),
    problem,
    element(
      'footer',
      {},
      element('button', { type: 'button', class: 'button-quiet', onclick: () => dialog.close() }, 'Cancel'),
      send,
    ),
  );
  const dialog = element('dialog', { class: 'modal', 'aria-label': modal.title }, form);
  dialog.onclose = () => dialog.remove();

  async function readValues(): Promise<Values> {
    const values: Record<string, ModalValue> = {};
    for (const { customId, read } of fields) {
      const value = await read?.();
      if (customId !== undefined && value !== undefined) values[customId] = value;
    }
    return values;
  }

  form.onsubmit = async (event) => {
    event.preventDefault();
    send.disabled = true;
    const refusal = await readValues().then(submit, (error: Error) => error.message);
    send.disabled = false;
    if (refusal === undefined) dialog.close();
    else problem.textContent = refusal;
  };
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector<HTMLElement>('.fields input, .fields textarea, .fields button')?.focus();
}
