import type { Lineage } from '../service/consent.ts';
import type { StartRequest } from '../service/presses.ts';
import type { CommandContext } from './command.ts';

/** Starts what somebody wrote, in English if they want that; then it's acknowledged first, since a translation takes a while. */
export async function startTask(
  {
    request,
    isToTranslate,
    lineage = {},
  }: { request: StartRequest; isToTranslate: boolean; lineage?: Lineage },
  { service, translations, caller, acknowledge, acknowledgeFirst }: CommandContext,
): Promise<void> {
  if (!isToTranslate) return acknowledge(await service.start(request, caller, lineage));
  const plan = await translations.plan(request, caller);
  const isPrivate = caller.origin.place.isPrivate === true;
  if (plan.start !== undefined) return acknowledgeFirst(isPrivate, plan.start);
  await acknowledge(await service.start(plan.request, caller, lineage));
}
