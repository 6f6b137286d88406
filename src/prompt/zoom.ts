import { cutText } from '../clean-text.ts';
import { maxPromptLength } from './compose.ts';

/** What the modal of a custom zoom suggests. */
const usualFactor = '1.8';

/** The parent's prompt with a zoom to change. */
export function proposeZoom(prompt: string, factor = usualFactor): string {
  const proposedZoom = `--zoom ${factor}`;
  const room = maxPromptLength - proposedZoom.length - 1;
  return `${cutText(withoutZoom(prompt), room)} ${proposedZoom}`.trim();
}

/** Whether a prompt has exactly one `--zoom`, from 1 to 2 (midjourney-proxy-plus, docs/api.md). */
export function hasValidZoom(prompt: string): boolean {
  const zooms = [...prompt.matchAll(/(?:^|\s)--zoom(?:\s+(\S+))?/giu)];
  const value = Number(zooms[0]?.[1] ?? Number.NaN);
  return zooms.length === 1 && value >= 1 && value <= 2;
}

/** The prompt without a zoom: what it was before a custom zoom. */
export function withoutZoom(prompt: string): string {
  return prompt.replace(/(^|\s)--zoom(\s+[\d.]+)?/giu, '').trim();
}
