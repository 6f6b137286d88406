import type { MjTask } from './task.ts';

/**
 * Returns Midjourney's own name for a finished job, which stands in the ids of its buttons:
 * `MJ::JOB::upsample::1::<uuid>`, `MJ::Outpaint::50::1::<uuid>::SOLO`.
 */
export function readJobId({ buttons }: Pick<MjTask, 'buttons'>): string | undefined {
  for (const { customId } of buttons ?? []) {
    const [, jobId] = jobIdIn.exec(customId ?? '') ?? [];
    if (jobId !== undefined) return jobId.toLowerCase();
  }
  return undefined;
}

const jobIdIn = /^MJ::.*::([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:::|$)/iu;
