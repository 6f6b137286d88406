import { beforeEach, describe, expect, it } from 'vitest';
import type { EditResult } from '../../src/discord/edits.ts';
import { createPostTask } from '../../src/discord/post-task.ts';
import type { PostedMessage } from '../../src/discord/render/message.ts';
import { wordsFor } from '../../src/locales/index.ts';
import { anOrigin, aPlace, aTask } from '../helpers/tasks.ts';

let sent: PostedMessage[];
let results: EditResult[];

beforeEach(() => {
  sent = [];
  results = [{ outcome: 'done', messageId: '900' }];
});

const outlook = async () => ({ now: 0, canCancel: true, isCancelRefunded: true });
const post = createPostTask({
  edits: {
    async send(_place, message) {
      sent.push(message as PostedMessage);
      return results.shift() ?? { outcome: 'later' };
    },
  },
  outlook,
  words: wordsFor,
});
const task = aTask({ origin: anOrigin({ place: aPlace({ isPosted: true, repliesTo: '800' }) }) });

describe('the message of a task that no interaction waits for', () => {
  it('is a reply, comes only once, and pings nobody', async () => {
    expect(await post(task)).toEqual({ outcome: 'taken', messageId: '900' });
    expect(sent[0]).toMatchObject({
      // The mention at its end has the task's id alone: it would be taken for this message.
      nonce: `${task.id}-page`,
      enforce_nonce: true,
      message_reference: { message_id: '800', fail_if_not_exists: false },
      allowed_mentions: { parse: [] },
    });
    expect(sent[0]?.content).toContain('a fox');
    expect(sent[0]?.nonce.length).toBeLessThanOrEqual(25);
  });

  it('leaves the words out if AutoMod refuses them', async () => {
    results.unshift({ outcome: 'refused' });
    expect(await post(task)).toEqual({ outcome: 'taken', messageId: '900' });
    expect(JSON.stringify(sent[1])).not.toContain('a fox');
  });

  it.each([
    ['later', 'unknown'],
    ['forbidden', 'refused'],
    ['locked', 'refused'],
    ['unreachable', 'refused'],
  ] as const)('is %s: %s', async (outcome, told) => {
    results = [{ outcome }];
    expect(await post(task)).toEqual({ outcome: told });
  });

  it("isn't taken for sure if Discord doesn't say which one it is", async () => {
    results = [{ outcome: 'done' }];
    expect(await post(task)).toEqual({ outcome: 'unknown' });
  });
});
