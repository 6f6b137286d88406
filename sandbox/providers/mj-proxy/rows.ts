import type { Button } from './buttons.ts';
import type { MjTask } from './task.ts';

/** A row of new-api's `midjourneys` table (model/midjourney.go); a modal adds a second one with the same id. */
export interface GatewayRow {
  id: string;
  account: number;
  action: string;
  prompt: string;
  promptEn: string;
  description: string;
  state: string;
  submitTime: number;
  startTime: number;
  finishTime: number;
  imageUrl: string;
  videoUrls: readonly string[];
  status: string;
  progress: string;
  failReason: string;
  buttons: readonly Button[] | null;
  properties: { finalPrompt: string; finalZhPrompt: string } | null;
  chargedUsd: number;
  insertedAt: number;
  /** Copies what the upstream says now (controller/midjourney.go, UpdateMidjourneyTaskBulk). */
  follow(task: MjTask): void;
  /** Fails after an hour, in any state. */
  giveUp(): void;
}

export interface NewRow {
  task: MjTask;
  action: string;
  prompt: string;
  account: number;
  chargedUsd: number;
  now: number;
}

/** Status and state are empty until the first refresh (relay/mjproxy_handler.go). */
export function createRow({ task, action, prompt, account, chargedUsd, now }: NewRow): GatewayRow {
  return {
    id: task.id,
    account,
    action,
    prompt,
    promptEn: '',
    description: task.description,
    state: '',
    submitTime: now,
    startTime: 0,
    finishTime: 0,
    imageUrl: '',
    videoUrls: [],
    status: '',
    progress: '0%',
    failReason: '',
    buttons: null,
    properties: null,
    chargedUsd,
    insertedAt: now,
    follow(current) {
      this.promptEn = current.promptEn;
      this.state = current.state;
      this.submitTime = current.submitTime;
      this.startTime = current.startTime;
      this.finishTime = current.finishTime;
      this.imageUrl = current.imageUrl;
      this.videoUrls = current.videoUrls;
      this.status = current.status;
      this.failReason = current.failReason;
      this.properties = { finalPrompt: current.finalPrompt, finalZhPrompt: current.finalZhPrompt };
      this.buttons = current.buttons ?? this.buttons;
      // 100 % means "over" here, not "successful": a failure gets it, too, and with it the refund.
      this.progress = current.failReason === '' ? current.progress : '100%';
    },
    giveUp() {
      this.status = 'FAILURE';
      this.progress = '100%';
      this.failReason = '上游任务超时（超过1小时）';
    },
  };
}

/** A task in new-api's form (dto/midjourney.go): all fields are always there, three of them always empty. */
export function toFetchAnswer(row: GatewayRow, imageUrl: string): Record<string, unknown> {
  return {
    id: row.id,
    action: row.action,
    customId: '',
    botType: '',
    prompt: row.prompt,
    promptEn: row.promptEn,
    description: row.description,
    state: row.state,
    submitTime: row.submitTime,
    startTime: row.startTime,
    finishTime: row.finishTime,
    imageUrl,
    // The upstream's own address: videos are not passed through (newer new-api only).
    videoUrl: row.videoUrls[0] ?? '',
    videoUrls: row.videoUrls.length === 0 ? null : row.videoUrls.map((url) => ({ url })),
    status: row.status,
    progress: row.progress,
    failReason: row.failReason,
    buttons: row.buttons,
    maskBase64: '',
    properties: row.properties,
  };
}
