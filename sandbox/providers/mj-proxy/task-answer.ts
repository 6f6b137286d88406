import type { Habits } from './habits.ts';
import { speedTexts } from './speed.ts';
import type { MjTask } from './task.ts';

/** The Discord channel in which all work is done. */
export interface Channel {
  discordChannelId: string;
  discordInstanceId: string;
}

export interface Showing {
  habits: Habits;
  channel: Channel;
}

/** A task as midjourney-proxy writes it (Task.java, plus docs/api.md, trueai TaskInfo.cs), as JSON text. */
export function toTaskAnswer(task: MjTask, showing: Showing): string {
  const { habits } = showing;
  const text = JSON.stringify({
    id: task.id,
    action: habits.namesActions ? task.action : null,
    // A picture's description is in both (trueai, Java); a gateway's copy only has it in promptEn.
    prompt: unset(task.action === 'DESCRIBE' ? task.promptEn : task.prompt, habits),
    promptEn: unset(task.promptEn, habits),
    description:
      habits.unsetAs === 'empty' || keepsTextInDescription(task) ? task.description : toDescription(task),
    state: unset(task.state, habits),
    submitTime: task.submitTime,
    startTime: unset(task.startTime, habits),
    finishTime: unset(task.finishTime, habits),
    imageUrl: unset(task.imageUrl, habits),
    status: task.status,
    progress: task.progress,
    failReason: unset(task.failReason, habits),
    properties: toProperties(task, showing),
    ...(habits.flavour === 'java' ? {} : { buttons: task.buttons ?? [] }),
    ...(task.videoUrls.length === 0
      ? {}
      : { videoUrl: task.videoUrls[0], videoUrls: task.videoUrls.map((url) => ({ url })) }),
    ...(habits.flavour === 'trueai' && habits.unsetAs === 'null' ? toTrueaiFields(task, showing) : {}),
  });
  if (!habits.escapesHtml) return text;
  return text.replace(/[&<>]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

function unset<Value extends string | number>(value: Value, habits: Habits): Value | null {
  return habits.unsetAs === 'null' && (value === '' || value === 0) ? null : value;
}

/** A shorten's text, at trueai (engine.ts writes it there). */
function keepsTextInDescription(task: MjTask): boolean {
  return task.action === 'SHORTEN' && task.description.includes('\u20E3');
}

function toDescription(task: MjTask): string {
  if (task.parent !== undefined) return `/up ${task.parent.id} ${task.action}`;
  return `/${task.kind} ${task.prompt}`.trim();
}

/** The Java original keeps two; the others most of what Discord said. */
function toProperties(task: MjTask, { habits, channel }: Showing): Record<string, unknown> {
  const finalPrompt = task.finishTime === 0 ? '' : task.finalPrompt;
  const prompts =
    task.finalZhPrompt === '' ? { finalPrompt } : { finalPrompt, finalZhPrompt: task.finalZhPrompt };
  if (habits.flavour === 'java') return prompts;
  const toId = (id: string) => (habits.discordIdsAs === 'number' ? Number(id) : id);
  const known = {
    botType: task.botType,
    discordChannelId: toId(channel.discordChannelId),
    discordInstanceId: toId(channel.discordInstanceId),
    ...prompts,
    nonce: toNonce(task),
    notifyHook: task.notifyHook,
  };
  if (task.status !== 'SUCCESS') return known;
  return {
    ...known,
    flags: 0,
    messageContent: `**${task.finalPrompt}** - <@${channel.discordChannelId}> (${speedTexts[task.speed]})`,
    messageHash: task.job,
    messageId: task.messageId,
    progressMessageId: `${task.messageId.slice(0, -4)}1000`,
  };
}

function toTrueaiFields(task: MjTask, { channel }: Showing): Record<string, unknown> {
  const isDone = task.status === 'SUCCESS';
  return {
    parentId: task.parent?.id ?? null,
    botType: task.botType,
    instanceId: channel.discordInstanceId,
    nonce: toNonce(task),
    messageId: isDone ? task.messageId : null,
    jobId: isDone ? task.job : null,
    mode: task.speed.toUpperCase(),
    imageUrls: [],
    url: isDone ? unsetUrl(task) : null,
    thumbnailUrl: null,
    seed: null,
    isPartner: false,
    isOfficial: false,
  };
}

function unsetUrl(task: MjTask): string | null {
  return task.imageUrl === '' ? null : task.imageUrl;
}

/** The proxy's own 19 digits (SnowFlake.cs). */
function toNonce(task: MjTask): string {
  return `1${task.messageId.slice(1)}`;
}
