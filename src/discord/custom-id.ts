/** A press on a button of ours: which task it belongs to, and which of its offers it takes. */
export interface Press {
  readonly taskId: string;
  readonly offer: number;
}

/** The `custom_id` of an offer's button. It holds nothing but our own random id and a number. */
export function encodePress({ taskId, offer }: Press): string {
  return `offer:${taskId}:${offer}`;
}

/** The press behind a `custom_id`, which anybody can send: `undefined` for everything that is not ours. */
export function decodePress(customId: string): Press | undefined {
  const match = /^offer:([A-Za-z0-9_-]{16}):(\d{1,2})$/.exec(customId);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { taskId: match[1], offer: Number(match[2]) };
}
