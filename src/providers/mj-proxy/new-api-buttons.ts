/**
 * Whether new-api certainly refuses a button (service/midjourney.go, `CoverPlusActionToNormalAction`): it reads what a press
 * is from these names, wherever they come from, and forwards nothing else. An id with fewer parts makes it panic, which
 * wouldn't say whether anything was started. A `…variation` with another name gets no model, and so no channel.
 */
export function refusesButton(customId: string): boolean {
  const parts = customId.split('::');
  const name = (parts[1] === 'JOB' ? parts[2] : parts[1]) ?? '';
  if (name.includes('upsample') || name === 'variation') return !/^[+-]?\d{1,9}$/u.test(parts[3] ?? '');
  if (name.includes('variation')) return name !== 'low_variation' && name !== 'high_variation';
  if (name.includes('pan') || name.includes('reroll')) return false;
  return name !== 'Outpaint' && name !== 'CustomZoom' && name !== 'Inpaint';
}
