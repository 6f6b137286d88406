import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorOptions } from '../../src/errors.ts';
import { createHiding } from '../../src/hiding.ts';
import { hideWords } from '../../src/providers/hidden-words.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import type { Ref, Update } from '../../src/task.ts';
import { createScriptedProvider } from '../helpers/relay.ts';

const key = 'sk-Canary7wXk29LmPzR4tYv81BnCdEfGh';
const publicUrl = 'https://relay.example.org';
const hook = `${publicUrl}/callbacks/main/abc/mf3k2a9z.${'c'.repeat(43)}`;
const words = `echo of ${key} and ${hook}`;
const signal = AbortSignal.timeout(60_000);
const ref: Ref = { id: 'remote-1', token: key };

function hidden(said: { submit?: () => never; look?: Update; answer?: Update }) {
  const scripted = createScriptedProvider();
  if (said.submit !== undefined) scripted.onSubmit = said.submit;
  const { look, answer } = said;
  if (look !== undefined) scripted.onLook = () => new Map([['remote-1', look]]);
  if (answer !== undefined) scripted.onAnswer = () => ({ ref, update: answer });
  return hideWords(scripted, createHiding([key], { publicUrl }));
}

async function seen(look: Update): Promise<Update | undefined> {
  return (await hidden({ look }).look([ref], signal)).get('remote-1');
}

describe("a provider's words", () => {
  it.each<[string, Update]>([
    ['why a task failed', { state: 'failed', kind: 'rejected', reason: words }],
    ['what a describe or a shorten found', { state: 'done', media: [], offers: [], text: ['a fox', words] }],
    ['which words it says matter', { state: 'done', media: [], offers: [], weighed: `**${words}** ~~fox~~` }],
    [
      'the label of a button',
      { state: 'done', media: [], offers: [{ action: 'other', token: 'MJ::Tune::u', label: words }] },
    ],
    ['what it proposes as a prompt', { state: 'asking', prompt: words }],
    ['the prompt in English', { state: 'running', facts: { promptEnglish: words, seed: '7' } }],
    ["why it can't be read", { state: 'running', unread: words }],
    ['a preview', { state: 'running', progress: 5, preview: `https://files.example/a.png?key=${key}` }],
  ])('contain no secret: %s', async (_what, update) => {
    const said = JSON.stringify(await seen(update));
    expect(said).not.toMatch(/Canary|callbacks|relay\.example/);
    expect(said).toContain(update.state);
  });

  it('leave the id of a button as it came, even with a secret in it', async () => {
    const offers = [{ action: 'other', token: words, label: 'Tune' } as const];
    expect(await seen({ state: 'done', media: [], offers })).toMatchObject({ offers });
  });

  it('contain none in an error, whose facts stay', async () => {
    const submit = () => {
      const options = { status: 403, retryAfterMs: 7, reason: words, definite: false, mayLieInRequest: true };
      throw new ProviderError('rejected', `refused: ${words}`, options);
    };
    const error = await hidden({ submit })
      .submit({} as ProviderRequest, signal)
      .then(undefined, (thrown: ProviderError) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ kind: 'rejected', status: 403, retryAfterMs: 7, definite: false });
    expect(error).toMatchObject({ reason: 'echo of [secret] and [secret]', mayLieInRequest: true });
    expect(String(error)).not.toMatch(/Canary|callbacks/);
  });

  it.each<[string, ProviderError['kind'], ProviderErrorOptions]>([
    ['an account’s own trouble', 'auth', { status: 403, hasOwnMarks: true }],
    ['a gateway that certainly forwards nothing', 'busy', { status: 503, hasOwnMarks: true }],
    ['a web page with the status of a wrong key', 'auth', { status: 401, isPage: true }],
    ['an uncertain refusal', 'malformed', { status: 200, isRefusal: true }],
    ['an answer that may be anybody’s', 'unavailable', { status: 503 }],
  ])('contain none in an error, which proves as much as before: %s', async (_what, kind, options) => {
    const told = new ProviderError(kind, 'no', { ...options, reason: words });
    const submit = () => {
      throw told;
    };
    const error = await hidden({ submit })
      .submit({} as ProviderRequest, signal)
      .then(undefined, (thrown: ProviderError) => thrown);
    const { definite, hasOwnMarks, isRefusal, mayLieInRequest } = told;
    expect(error).toMatchObject({ definite, hasOwnMarks, isRefusal, mayLieInRequest });
    expect(error).toHaveProperty('reason', 'echo of [secret] and [secret]');
  });

  it('contain none in the reply to an answer', async () => {
    const provider = hidden({ answer: { state: 'failed', kind: 'rejected', reason: words } });
    const { update } = (await provider.answer?.(ref, { prompt: 'a fox' }, signal)) ?? {};
    expect(JSON.stringify(update)).not.toMatch(/Canary|callbacks/);
  });
});

describe('what passes unchanged', () => {
  it('is what goes back to the API: refs and tokens of offers', async () => {
    const offers = [{ action: 'upscale', index: 1, token: `MJ::${key}` }] as const;
    const update: Update = { state: 'done', media: [], offers: [...offers], ref };
    expect(await seen(update)).toEqual(update);
  });

  it('is a result with its words and addresses', async () => {
    const media = [{ kind: 'picture', url: 'https://files.example/a.png?Signature=abc&Expires=18' }] as const;
    const update: Update = { state: 'done', media: [...media], offers: [], text: ['a sk-8 board --ar 2:3'] };
    expect(await seen(update)).toEqual(update);
  });

  it.each([
    'https://relay.example.org/files/fox.png',
    'https://gateway.example/mj/image/1732791234567890?token=abc',
    'https://cdn.discordapp.com/attachments/1/2/canary_fox.png?ex=66f1a2b3&is=66f05133&hm=0123456789abcdef&',
    'https://s3.example/callbacks/main/fox.png?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe',
    `https://files.example/${btoa('a red fox in the snow at night')}.png`,
  ])('is a result at an address with nothing of ours in it: %s', async (url) => {
    const update: Update = { state: 'done', media: [{ kind: 'picture', url }], offers: [] };
    expect(await seen(update)).toEqual(update);
  });

  it('is an address that holds a key, marked as one to show nobody', async () => {
    const url = `https://files.example/a.png?key=${key}`;
    expect(await seen({ state: 'done', media: [{ kind: 'picture', url }], offers: [] })).toMatchObject({
      media: [{ url, isPrivate: true }],
    });
  });
});
