import { z } from 'zod';

/**
 * What new-api's own middleware says before it forwards anything (middleware/utils.go): `abortWithOpenAiMessage` and
 * `abortWithMidjourneyMessage`. Relayed answers of the API behind it are `{description, type: "upstream_error", code}`.
 */
const openAiForm = z.object({
  error: z.object({ message: z.string(), type: z.literal('new_api_error'), code: z.string() }),
});
const midjourneyForm = z.object({
  description: z.string(),
  type: z.enum(['new_api_error', 'upstream_error']),
  code: z.number(),
});

/**
 * Its codes that come with 503 and mean that it has no channel to forward to (middleware/distributor.go, types/error.go);
 * and midjourney-proxy's and its own for a full queue, a saturated group, and no usable account (ReturnCode.java,
 * relay-mj.go).
 */
const channelCodes: ReadonlySet<string> = new Set([
  'model_not_found',
  'get_channel_failed',
  'channel:no_available_key',
]);
const fullCodes: ReadonlySet<number> = new Set([3, 23, 30]);

/** Whether new-api itself says that it has no channel to forward a call to: with its own code, in its own form. */
export function saysNoChannel(json: unknown): boolean {
  const openAi = openAiForm.safeParse(json).data;
  if (openAi !== undefined) return channelCodes.has(openAi.error.code);
  const midjourney = midjourneyForm.safeParse(json).data;
  return midjourney !== undefined && fullCodes.has(midjourney.code);
}

/** Whether an error is in new-api's own form, with any code: nothing in between writes like that. */
export function isNewApiError(type: string | null | undefined): boolean {
  return type === 'new_api_error';
}
