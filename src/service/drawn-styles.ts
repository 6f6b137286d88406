import { UserError } from '../errors.ts';
import type { SavedCode } from '../prompt/preferences.ts';
import { drawsStyle } from '../prompt/style-codes.ts';
import type { Task } from '../task.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import { mostCodes, type Preferences } from './preferences.ts';

/** Styles that Midjourney drew for `--sref random`, which would be lost otherwise. */
export interface DrawnStyles {
  /** Returns the style of the result that a message shows. Throws a `UserError` if the person has no room for it. */
  find(target: Target, userId: string): Promise<{ codes: string }>;
  /** Saves it among the person's codes under that name. */
  keep(target: Target, userId: string, name: string): Promise<SavedCode>;
}

export function createDrawnStyles({
  messageMap,
  preferences,
}: {
  messageMap: Pick<MessageMap, 'require'>;
  preferences: Pick<Preferences, 'read' | 'saveCode'>;
}): DrawnStyles {
  async function read(target: Target, userId: string): Promise<string> {
    const task = await messageMap.require(target, userId);
    if (task.emptied === 'all') throw new UserError('task-emptied');
    const codes = drawnStyleOf(task);
    if (codes === undefined) throw new UserError('unknown-component');
    return codes;
  }

  return {
    async find(target, userId) {
      const codes = await read(target, userId);
      const own = await preferences.read(userId);
      if (own.codes.length >= mostCodes) throw new UserError('codes-full', { limit: mostCodes });
      return { codes };
    },
    async keep(target, userId, name) {
      return preferences.saveCode(userId, { name, value: await read(target, userId), kind: 'style' });
    },
  };
}

/** The codes of the style that Midjourney drew for a result, if its API tells them. */
export function drawnStyleOf({ request, facts }: Pick<Task, 'request' | 'facts'>): string | undefined {
  return drawsStyle(request.answer ?? request.prompt) ? facts?.styleCodes : undefined;
}
