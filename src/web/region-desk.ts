import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Finding, UserError } from '../errors.ts';
import { messageLink } from '../locales/format.ts';
import type { Words } from '../locales/index.ts';
import type { DeadPage, PageOutcome, Painted, RegionPages } from '../service/region-pages.ts';
import type { Opened } from '../service/start.ts';
import { toPlainText } from './plain-text.ts';
import {
  type EditorPage,
  type NoticePage,
  renderEditor,
  renderNotice,
  sayCost,
  saySubmit,
} from './region-page.ts';
import type { RegionAnswer } from './region-protocol.ts';

/** What became of the message of a task. */
export type Posted =
  | { readonly outcome: 'taken'; readonly messageId: string | undefined }
  | { readonly outcome: 'refused' | 'unknown' };

/** What is answered to a request for a page. */
export interface PageReply {
  readonly status: number;
  readonly html: string;
}

/** The region editor in words: what the server hands out, and what it says to what comes back. */
export interface RegionDesk {
  show(token: string): Promise<PageReply>;
  picture: RegionPages['open'];
  /** Returns what to answer to anything that is sent to a link that leads nowhere; `undefined` if it leads to a page. */
  findOver(token: string): Promise<RegionAnswer | undefined>;
  /** Reads what the page sent, and starts it once. `undefined` for what no page sends. */
  take(token: string, body: string): Promise<RegionAnswer | undefined>;
}

export interface RegionDeskDependencies {
  pages: Pick<RegionPages, 'read' | 'open' | 'submit'>;
  /** Shows a started task in Discord; says whether Discord has taken its message, and which one it is. */
  post: (opened: Opened) => Promise<Posted>;
  /** A refusal and a finding in Discord's markup. */
  sayError: (error: UserError, words: Words) => string;
  sayFinding: (finding: Finding, words: Words) => string;
  words: (locale: string) => Words;
  /** Where the page's files are: `/assets/…`. */
  assetPath: string;
  clock: Clock;
}

const submitted = z.object({
  prompt: z.string().max(20_000),
  price: z.number().int().nonnegative(),
  isAsWritten: z.boolean(),
  mask: z.base64(),
});

/** A connection without a byte is closed after eight seconds. */
const postPatienceMs = 5_000;

export function createRegionDesk(dependencies: RegionDeskDependencies): RegionDesk {
  const { pages, post, words: wordsOf, assetPath, clock } = dependencies;

  const plain = (markup: string, locale: string) => toPlainText(markup, locale, clock.now());

  function toNotice(dead: DeadPage): { status: number; page: NoticePage } {
    if (dead.kind === 'gone') {
      const { say } = wordsOf('en-US');
      return {
        status: 404,
        page: { locale: 'en-US', title: say('page.gone.title'), text: say('page.gone') },
      };
    }
    const { say } = wordsOf(dead.locale);
    const address = dead.place.messageId === undefined ? undefined : messageLink(dead.place);
    return {
      status: 410,
      page: {
        locale: dead.locale,
        title: say('page.submitted.title'),
        text: say('page.submitted'),
        ...(address === undefined ? {} : { link: { address, label: say('page.open-message') } }),
      },
    };
  }

  function toOver(dead: DeadPage): RegionAnswer {
    const { text, link } = toNotice(dead).page;
    return { kind: 'over', sentence: text, ...(link === undefined ? {} : { address: link.address }) };
  }

  async function show({ opened }: Extract<PageOutcome, { kind: 'started' }>): Promise<RegionAnswer> {
    const { place } = opened.task.origin;
    const { say } = wordsOf(place.locale);
    const posted = await Promise.race([post(opened), unknownAfter(postPatienceMs)]);
    if (posted.outcome === 'refused') return { kind: 'over', sentence: say('page.unposted') };
    if (place.isPosted !== true) return { kind: 'started', sentence: say('page.started.private') };
    const messageId = posted.outcome === 'taken' ? posted.messageId : undefined;
    const address = messageId === undefined ? {} : { address: messageLink({ ...place, messageId }) };
    return { kind: 'started', sentence: say('page.started'), ...address };
  }

  function refuse(error: UserError, words: Words, locale: string): string {
    const sentence = plain(dependencies.sayError(error, words), locale);
    const uncharged = words.say('charge.none');
    return sentence.includes(uncharged) ? sentence : `${sentence} ${uncharged}`;
  }

  async function answer(outcome: PageOutcome): Promise<RegionAnswer> {
    if (outcome.kind === 'started') return show(outcome);
    if (outcome.kind === 'gone' || outcome.kind === 'submitted') return toOver(outcome);
    const { locale } = outcome;
    const words = wordsOf(locale);
    switch (outcome.kind) {
      case 'late':
        return { kind: 'refused', sentence: words.say('page.late') };
      case 'price-changed':
        return {
          kind: 'price',
          sentence: words.say('page.price-changed', { price: outcome.price }),
          price: outcome.price,
          cost: sayCost({ price: outcome.price, words }),
          submit: saySubmit({ price: outcome.price, words }),
        };
      case 'doubtful': {
        const { findings, corrected, writtenPrice } = outcome.details;
        const sentences = findings.map((finding) => plain(dependencies.sayFinding(finding, words), locale));
        return {
          kind: 'doubtful',
          sentences,
          corrected: corrected.prompt,
          mayBeSent: writtenPrice !== undefined,
        };
      }
      case 'refused':
        return { kind: 'refused', sentence: refuse(outcome.error, words, locale) };
    }
  }

  return {
    async show(token) {
      const view = await pages.read(token);
      if ('kind' in view) {
        const { status, page } = toNotice(view);
        return { status, html: renderNotice(page, assetPath) };
      }
      const { expiresAt, ...shown } = view;
      const expiresInMs = expiresAt - clock.now();
      const page: EditorPage = { ...shown, expiresInMs, words: wordsOf(view.locale) };
      return { status: 200, html: renderEditor(page, assetPath) };
    },
    picture: (token) => pages.open(token),
    async findOver(token) {
      const view = await pages.read(token);
      return 'kind' in view ? toOver(view) : undefined;
    },
    async take(token, body) {
      const painted = readBody(body);
      return painted && answer(await pages.submit(token, painted));
    },
  };
}

function readBody(body: string): Painted | undefined {
  try {
    const parsed = submitted.safeParse(JSON.parse(body));
    if (!parsed.success) return undefined;
    return { ...parsed.data, mask: Buffer.from(parsed.data.mask, 'base64') };
  } catch {
    return undefined; // not JSON
  }
}

function unknownAfter(milliseconds: number): Promise<Posted> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ outcome: 'unknown' }), milliseconds).unref();
  });
}
