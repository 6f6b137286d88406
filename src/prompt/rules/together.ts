import { type Draft, type KnownModel, type LintRule, note, replaceEach } from '../findings.ts';
import { exclusive, needs, ofVideos, onlyInVideos } from '../parameters.ts';
import { type Parameter, writeParameter } from '../reading.ts';
import { isVideo } from '../scan.ts';

/** What belongs to another kind of work. */
export const requireWork: LintRule = (draft) => {
  const { action } = draft.context;
  replaceEach(draft, (parameter) => {
    const { name, written } = parameter;
    const flag = `--${written}`;
    if (isVideo(action)) {
      if (ofVideos.has(name)) return [parameter];
      note(draft, 'not-in-videos', { flag }, true);
      return [];
    }
    if (onlyInVideos.has(name)) {
      note(draft, 'only-in-videos', { flag }, true);
      return [];
    }
    if (name !== 'zoom' || action !== 'imagine') return [parameter];
    note(draft, 'only-in-zooms', { flag });
    return [];
  });
};

/** Weights of something that isn't there. */
export const requireCompany: LintRule = (draft) => {
  const { context } = draft;
  const has = (name: string) =>
    draft.parameters.some((one) => one.name === name) || (name === 'sref' && context.hasStyle === true);
  const hasPicture = context.pictures > 0 || /https?:\/\//iu.test(draft.words);
  // A follow-up's picture is its parent's.
  const mayLack = context.action === 'imagine' && !hasPicture;
  replaceEach(draft, (parameter) => {
    const { name, written } = parameter;
    const needed = needs[name];
    if (name === 'iw' && mayLack) note(draft, 'needs-picture', { flag: `--${written}` }, true);
    else if (needed !== undefined && !has(needed))
      note(draft, 'needs-flag', { flag: `--${written}`, needed: `--${needed}` });
    else return [parameter];
    return [];
  });
};

/** What excludes each other. */
export function separate(draft: Draft, { model: { widestInHd } }: KnownModel): void {
  const find = (name: string): Parameter | undefined => draft.parameters.find((one) => one.name === name);
  const drop = (name: string) => replaceEach(draft, (one) => (one.name === name ? [] : [one]));
  for (const [kept, dropped, value] of exclusive) {
    const [one, other] = [find(kept), find(dropped)];
    const isMeant = value === undefined || other?.values[0] === value;
    if (one === undefined || other === undefined || !isMeant) continue;
    const flag = value === undefined ? `--${other.written}` : writeParameter(other);
    note(draft, 'excluded', { flag, other: `--${one.written}` }, true);
    drop(dropped);
  }
  const ratio = find('ar')?.values[0];
  const [width = 1, height = 1] = (ratio ?? '1:1').split(':').map(Number);
  const isWide = Math.max(width, height) > (widestInHd ?? Number.POSITIVE_INFINITY) * Math.min(width, height);
  if (ratio === undefined || !isWide || find('hd') === undefined) return;
  note(draft, 'too-wide-in-hd', { value: ratio, widest: `${widestInHd}:1` }, true);
  drop('hd');
}
