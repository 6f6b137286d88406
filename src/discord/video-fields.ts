import { LabelBuilder, ModalBuilder, StringSelectMenuBuilder } from '@discordjs/builders';
import type { APIModalInteractionResponseCallbackData, ModalSubmitInteraction } from 'discord.js';
import type { Words } from '../locales/index.ts';
import { videoClips, videoMotions } from '../prompt/video.ts';
import type { ExtensionWindow, ExtensionWish } from '../service/extensions.ts';
import type { MenuWindow } from '../service/menu-work.ts';
import { type TaskOptions, videoResolutions } from '../task.ts';
import { encodePress } from './custom-id.ts';
import { readPromptField, toPromptField } from './prompt-field.ts';

type VideoForm = NonNullable<MenuWindow['video']>['form'];

const motionField = 'motion';
const resolutionField = 'resolution';
const clipsField = 'clips';
const loopField = 'loop';
const clipField = 'clip';
const loops = 'on';

/** What can be chosen about a video, as far as there's a choice. */
export function toVideoFields({ clips, resolutions }: VideoForm, words: Words): LabelBuilder[] {
  const { say } = words;
  return [
    toMotionField(words),
    ...(resolutions.length > 1
      ? [toSelect(resolutionField, say('window.resolution'), resolutions.map(sayAs))]
      : []),
    ...(clips.length > 1
      ? [
          toSelect(
            clipsField,
            say('window.clips'),
            clips.map((count) => ({ value: String(count), label: say('window.clips.count', { count }) })),
            '4',
          ),
        ]
      : []),
    toSelect(loopField, say('window.loop'), [
      { value: 'off', label: say('window.loop.off') },
      { value: loops, label: say('window.loop.on') },
    ]),
  ];
}

/** Reads what was chosen; what can't have been is left out. */
export function readVideoFields({ fields }: ModalSubmitInteraction): TaskOptions {
  const chosen = (name: string) =>
    fields.fields.has(name) ? fields.getStringSelectValues(name)[0] : undefined;
  const motion = videoMotions.find((one) => one === chosen(motionField));
  const resolution = videoResolutions.find((one) => one === chosen(resolutionField));
  const clips = videoClips.find((one) => String(one) === chosen(clipsField));
  return {
    ...(motion === undefined ? {} : { motion }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(clips === undefined ? {} : { clips }),
    ...(chosen(loopField) === loops ? { isLoop: true } : {}),
  };
}

/** The modal that extends a video with other words. */
export function toExtensionModal(
  taskId: string,
  { prompt, clips }: ExtensionWindow,
  words: Words,
): APIModalInteractionResponseCallbackData {
  const { say } = words;
  const modal = new ModalBuilder()
    .setCustomId(encodePress({ kind: 'extend-window', taskId }))
    .setTitle(say('button.extend-manual'));
  if (clips.length > 1) {
    const choices = clips.map((number) => ({
      value: String(number),
      label: say('window.clip.number', { number }),
    }));
    modal.addLabelComponents(toSelect(clipField, say('window.clip'), choices));
  }
  const hint = say('window.extend-hint');
  modal.addLabelComponents(toPromptField({ prompt, hint, isRequired: false }, words), toMotionField(words));
  return modal.toJSON();
}

/** Reads that modal once it was sent. */
export function readExtensionModal(interaction: ModalSubmitInteraction): ExtensionWish {
  const { fields } = interaction;
  const clip = fields.fields.has(clipField) ? Number(fields.getStringSelectValues(clipField)[0]) : undefined;
  const { motion = 'low' } = readVideoFields(interaction);
  return { prompt: readPromptField(interaction), motion, ...(clip === undefined ? {} : { clip }) };
}

function toMotionField({ say }: Words): LabelBuilder {
  const choices = videoMotions.map((value) => ({ value, label: say(`window.motion.${value}`) }));
  return toSelect(motionField, say('window.motion'), choices);
}

const sayAs = (value: string) => ({ value, label: value });

/** A menu with one choice made: the first one unless another is named. */
function toSelect(
  field: string,
  label: string,
  choices: readonly { value: string; label: string }[],
  usual = choices[0]?.value,
): LabelBuilder {
  const select = new StringSelectMenuBuilder()
    .setCustomId(field)
    .addOptions(choices.map((one) => ({ ...one, default: one.value === usual })));
  return new LabelBuilder().setLabel(label).setStringSelectMenuComponent(select);
}
