import type { ButtonInteraction, ModalSubmitInteraction, StringSelectMenuInteraction } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Opened } from '../service/start.ts';
import { inPrivate } from './caller.ts';
import type { CommandContext } from './command.ts';
import {
  bringId,
  decodeFavoritesMenu,
  decodeListing,
  decodePage,
  decodePress,
  forgetId,
  type PageButton,
  type Press,
  preferencesId,
  settingsMenuId,
  unrefundedCancel,
} from './custom-id.ts';
import { readMenuModal, toMenuModal } from './menu-modal.ts';
import { readModal, toModal } from './modals.ts';
import { readPreferencesModal, readStyleModal, toStyleModal } from './preferences-modal.ts';
import { bringBack, sendToOwner } from './private-results.ts';
import { askForRegion, askToPaint, showParts } from './region-presses.ts';
import { renderCancelled, renderCancelQuestion } from './render/cancel.ts';
import { renderFavoriteAdded, renderFavoriteRemoved } from './render/favorites.ts';
import { renderForgotten } from './render/personal-data.ts';
import { renderHistory } from './render/points.ts';
import { renderPreferences, toCodeSentence } from './render/preferences.ts';
import { renderRemovalQuestion, renderRemoved } from './render/removal.ts';
import { chooseSetting, isSettingsWindow, saveSettings } from './settings-windows.ts';
import { startTask } from './start-task.ts';
import { removeFavorite, requirePrivate, turnList } from './task-lists.ts';
import { readExtensionModal, toExtensionModal } from './video-fields.ts';

/**
 * Handles a press on one of our buttons. The client could send any id, so it only counts on the message that shows that
 * task; the service looks that up, and decides again what this person may do.
 */
export async function pressButton(interaction: ButtonInteraction, context: CommandContext): Promise<void> {
  const { service, caller, responder, removals, words } = context;
  if (interaction.customId === forgetId) return forgetCaller(context);
  const page = decodePage(interaction.customId);
  if (page !== undefined) return turnPage(interaction, page, context);
  const listing = decodeListing(interaction.customId);
  if (listing !== undefined) return turnList(interaction, listing, context);
  const press = readPress(interaction.customId);
  const target = { taskId: press.taskId, messageId: interaction.message.id };
  switch (press.kind) {
    case 'offer':
      return pressOffer(interaction, press, context);
    case 'proposal': {
      const proposal = await context.proposals.read({ ...target, index: press.offer }, caller);
      return responder.openModal(interaction, toModal(press, proposal, words));
    }
    case 'answer': {
      const question = await service.questionOf(target, caller.userId);
      return responder.openModal(interaction, toModal(press, question, words));
    }
    case 'cancel': {
      const outcome = await service.cancel(target, caller, press.offer === unrefundedCancel);
      if (outcome.isCancelled) return responder.deferUpdate(interaction);
      const presserId = caller.userId;
      return context.replyPrivately(renderCancelQuestion(press.taskId, outcome, { words, presserId }));
    }
    case 'cancel-anyway': {
      requirePrivate(caller);
      const outcome = await service.cancelAnyway(press.taskId, caller);
      return responder.updateMessage(interaction, renderCancelled(outcome, words));
    }
    case 'again':
      return context.acknowledge(await service.again(target, caller));
    case 'check':
      await service.verify(target, caller.userId); // the token only works once the press is answered, so this comes first
      await responder.deferUpdate(interaction);
      return service.moveTo(target, caller.place, caller.userId);
    case 'remove': {
      const question = renderRemovalQuestion(press.taskId, words);
      if (await service.showsResult(target, caller))
        return removals.ask(interaction, { target, userId: caller.userId }, question);
      await service.remove(target, caller);
      return responder.removeMessage(interaction);
    }
    case 'delete':
      return deleteResult(press.taskId, context);
    case 'agree':
      return context.acknowledge(await context.resume.agree(press.taskId, caller));
    case 'parts':
      return showParts(press.taskId, context);
    case 'draft': {
      const window = await context.resume.windowFor(press.taskId, caller);
      return responder.openModal(interaction, toModal(press, window, words));
    }
    case 'favorite':
      await context.favorites.add(target, caller.userId);
      return context.replyPrivately(renderFavoriteAdded(press.taskId, words));
    case 'unfavorite':
      requirePrivate(caller);
      await context.favorites.remove(press.taskId, caller.userId);
      return responder.updateMessage(interaction, renderFavoriteRemoved(words));
    case 'correct':
      return startWords(press, context, () => context.resume.settle(press.taskId, 'corrected', caller));
    case 'as-written':
      return startWords(press, context, () => context.resume.settle(press.taskId, 'written', caller));
    case 'change': {
      const written = await context.resume.wordsOf(press.taskId, caller);
      return responder.openModal(interaction, toModal(press, written, words));
    }
    case 'keep-style': {
      const { codes } = await context.drawnStyles.find(target, caller.userId);
      return responder.openModal(interaction, toStyleModal(press.taskId, codes, words));
    }
    case 'publish':
      return context.acknowledge(await context.shares.publish(target, caller));
    case 'send-to-me':
      return sendToOwner(target, context);
    case 'bring':
      return bringBack(interaction, press.taskId, context);
    case 'animate': {
      const pictures = context.pressed.listPictures();
      await service.verify(target, caller.userId);
      const source = { messageId: target.messageId, isOurs: true };
      const wish = { action: 'video', pictures, source } as const;
      return responder.openModal(interaction, toMenuModal(await context.menuWork.begin(wish, caller), words));
    }
    case 'extend': {
      const window = await context.extensions.windowFor(target, caller);
      return responder.openModal(interaction, toExtensionModal(press.taskId, window, words));
    }
    case 'more':
    case 'extend-window':
    case 'keep-style-window':
    case 'cells':
    case 'window':
    case 'proposal-window':
    case 'draft-window':
    case 'change-window':
    case 'menu-window':
      throw new UserError('unknown-component');
  }
}

/**
 * Handles a choice in one of our menus: of offers that have no room as buttons, where it acts like the button, or of a picture's
 * parts, where it opens the window with those.
 */
export async function chooseInMenu(
  interaction: StringSelectMenuInteraction,
  context: CommandContext,
): Promise<void> {
  if (interaction.customId === bringId) return bringBack(interaction, interaction.values[0] ?? '', context);
  if (interaction.customId === settingsMenuId) return chooseSetting(interaction, context);
  const favorites = decodeFavoritesMenu(interaction.customId);
  if (favorites !== undefined) return removeFavorite(interaction, favorites, context);
  const { kind, taskId } = readPress(interaction.customId);
  if (kind === 'cells') return chooseCells(interaction, taskId, context);
  const [value = ''] = interaction.values;
  if (kind !== 'more' || !/^\d{1,2}$/.test(value)) throw new UserError('unknown-component');
  return pressOffer(interaction, { kind: 'offer', taskId, offer: Number(value) }, context);
}

/** Discord wants an answer at once, even if the words are translated first. */
async function startWords(
  { taskId }: Press,
  { resume, caller, acknowledge, acknowledgeFirst }: CommandContext,
  start: () => Promise<Opened>,
): Promise<void> {
  const { takesLong, isPrivate } = await resume.expect(taskId, caller);
  if (takesLong) return acknowledgeFirst(isPrivate, start);
  await acknowledge(await start());
}

/** The window has them, so that they can still be changed next to the prompt. */
async function chooseCells(
  interaction: StringSelectMenuInteraction,
  draftId: string,
  { caller, resume, responder, words }: CommandContext,
): Promise<void> {
  const window = await resume.windowFor(draftId, caller);
  const cells = interaction.values.map(Number);
  const press = { kind: 'draft', taskId: draftId, offer: 0 } as const;
  return responder.openModal(interaction, toModal(press, { ...window, cells }, words));
}

async function pressOffer(
  interaction: ButtonInteraction | StringSelectMenuInteraction,
  press: Press,
  context: CommandContext,
): Promise<void> {
  const { service, caller, responder, words, acknowledge } = context;
  const offer = { taskId: press.taskId, messageId: interaction.message.id, offer: press.offer };
  const window = await service.windowFor(offer, caller);
  if (window?.needsRegion === true) return askForRegion(offer, window, context);
  if (window !== undefined) return responder.openModal(interaction, toModal(press, window, words));
  return acknowledge(await service.act(offer, caller));
}

/** The second press: the message goes by the token of the first one, and only then does it say so. */
async function deleteResult(
  taskId: string,
  { service, caller, responder, removals, replyPrivatelyWith, words }: CommandContext,
): Promise<void> {
  requirePrivate(caller);
  const asked = removals.find(taskId, caller.userId);
  await replyPrivatelyWith(async () => {
    if (asked !== undefined) await service.remove(asked.target, caller);
    if (asked !== undefined) await responder.removeOriginal(asked.interaction);
    return { message: renderRemoved(asked !== undefined, words), files: [] };
  });
}

async function turnPage(
  interaction: ButtonInteraction,
  { userId, page }: PageButton,
  { administration, caller, responder, words }: CommandContext,
): Promise<void> {
  const history = await administration.history(caller.asker, userId, page);
  requirePrivate(caller);
  await responder.updateMessage(interaction, renderHistory(history, words));
}

/** Only the person who asked for this button sees it, and it's about their own data. */
async function forgetCaller({
  personalData,
  caller,
  replyPrivatelyWith,
  words,
}: CommandContext): Promise<void> {
  requirePrivate(caller);
  await replyPrivatelyWith(async () => {
    const forgotten = await personalData.forget(caller.userId);
    return { message: renderForgotten(forgotten, words), files: [] };
  });
}

/** A modal names nobody: it's about the preferences of the person who sends it. */
async function savePreferences(
  interaction: ModalSubmitInteraction,
  { preferences, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const own = await preferences.set(caller.userId, readPreferencesModal(interaction));
  const price = await preferences.price(caller.asker);
  const remixable = preferences.remixable();
  const sentence = words.say('preferences.saved');
  await replyPrivately(renderPreferences({ own, price, remixable, sentence }, words));
}

/** Handles a modal that a person sent. Its values don't prove a right: everything is decided again. */
export async function submitModal(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
): Promise<void> {
  const { service, caller, responder } = context;
  if (interaction.customId === preferencesId) return savePreferences(interaction, context);
  if (isSettingsWindow(interaction.customId)) return saveSettings(interaction, context);
  const press = readPress(interaction.customId);
  const target = { taskId: press.taskId, messageId: interaction.message?.id ?? '' };
  if (press.kind === 'keep-style-window') {
    const name = readStyleModal(interaction);
    const code = await context.drawnStyles.keep(target, caller.userId, name);
    return context.replyPrivately({ content: toCodeSentence(code, context.words) });
  }
  if (press.kind === 'extend-window') {
    const wish = readExtensionModal(interaction);
    return context.acknowledge(await context.extensions.start(target, wish, caller));
  }
  if (press.kind === 'menu-window') return startFromMenu(interaction, press.taskId, context);
  const { prompt, region } = readModal(interaction);
  const values = region === undefined ? { prompt } : { prompt, region };
  if (press.kind === 'draft-window')
    return context.acknowledge(await context.resume.act(press.taskId, values, caller));
  if (press.kind === 'change-window')
    return startWords(press, context, () => context.resume.change(press.taskId, prompt, caller));
  if (press.kind === 'window') {
    return context.acknowledge(await service.act({ ...target, offer: press.offer, ...values }, caller));
  }
  if (press.kind === 'proposal-window') {
    const proposal = { ...target, index: press.offer, prompt };
    return context.acknowledge(await context.proposals.imagine(proposal, caller));
  }
  if (press.kind !== 'answer') throw new UserError('unknown-component');
  await service.answer(target, caller.userId, prompt);
  await responder.deferUpdate(interaction);
}

async function startFromMenu(
  interaction: ModalSubmitInteraction,
  draftId: string,
  context: CommandContext,
): Promise<void> {
  const { menuWork, caller } = context;
  const { isPrivate, ...begun } = await menuWork.finish(draftId, readMenuModal(interaction), caller);
  const start = begun.isToPaint ? askToPaint : startTask;
  await start(begun, isPrivate ? { ...context, caller: inPrivate(caller) } : context);
}

function readPress(customId: string): Press {
  const press = decodePress(customId);
  if (press === undefined) throw new UserError('unknown-component');
  return press;
}
