import type { RegionAnswer, RegionFacts, RegionSubmit } from '../region-protocol.ts';
import { createButton, createParagraph, element, say } from './elements.ts';
import type { Mask } from './mask.ts';

/** The prompt, the button that submits, and what the bot answers. */
export interface Form {
  /** There's a picture to paint on. */
  ready(mask: Mask): void;
}

export function createForm({ price: priceAtFirst, expiresInMs, mayBeEmpty, words }: RegionFacts): Form {
  const prompt = element<HTMLTextAreaElement>('prompt');
  const button = element<HTMLButtonElement>('submit');
  const notice = element('notice');
  let price = priceAtFirst;
  let mask: Mask | undefined;
  let isOver = false;

  function show(...content: Node[]): void {
    notice.replaceChildren(...content);
    notice.hidden = content.length === 0;
    notice.scrollIntoView({ block: 'nearest' });
  }

  function refuse(sentence: string, where: HTMLElement): void {
    show(createParagraph(sentence));
    where.focus();
  }

  /** Nothing can be submitted any longer. */
  function close(...content: Node[]): void {
    isOver = true;
    button.disabled = true;
    document.body.classList.add('over');
    show(...content);
  }

  async function submit(isAsWritten: boolean): Promise<void> {
    if (mask === undefined || button.disabled) return;
    const part = mask.measure();
    if (part === 0) return refuse(words.paintFirst, element('canvas'));
    if (part === 1) return refuse(words.everythingPainted, element('canvas'));
    if (prompt.value.trim() === '' && !mayBeEmpty) return refuse(words.promptEmpty, prompt);
    button.disabled = true;
    show();
    say(words.sending);
    const answer = await send(mask, isAsWritten);
    if (!isOver) button.disabled = false;
    if (answer === undefined) return show(createParagraph(words.unreachable));
    take(answer);
  }

  async function send(painted: Mask, isAsWritten: boolean): Promise<RegionAnswer | undefined> {
    // Without a price, it would have been refused when the page was opened: the bot says why, or what it costs now.
    const body: RegionSubmit = {
      prompt: prompt.value,
      price: price ?? 0,
      isAsWritten,
      mask: await toBase64(await painted.toPng()),
    };
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(location.href, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as RegionAnswer;
    } catch {
      return undefined; // no answer, or another one than ours
    }
  }

  function take(answer: RegionAnswer): void {
    switch (answer.kind) {
      case 'started':
        document.body.classList.add('done');
        document.title = words.done;
        close(createTitle(words.done), createParagraph(answer.sentence), ...toLink(answer));
        break;
      case 'over':
        close(createParagraph(answer.sentence), ...toLink(answer));
        break;
      case 'refused':
        show(createParagraph(answer.sentence));
        break;
      case 'price':
        price = answer.price;
        element('cost').textContent = answer.cost;
        button.textContent = answer.submit;
        show(createParagraph(answer.sentence));
        break;
      case 'doubtful':
        show(...toFindings(answer));
    }
  }

  function toFindings({
    sentences,
    corrected,
    mayBeSent,
  }: Extract<RegionAnswer, { kind: 'doubtful' }>): Node[] {
    const quote = document.createElement('blockquote');
    quote.textContent = corrected;
    const use = createButton(words.useCorrected, () => {
      prompt.value = corrected;
      show();
      button.focus();
    });
    const send = createButton(words.sendAsWritten, () => void submit(true));
    const ways = document.createElement('div');
    ways.className = 'ways';
    ways.append(use, ...(mayBeSent ? [send] : []));
    return [...sentences.map(createParagraph), createParagraph(words.corrected), quote, ways];
  }

  function toLink({ address }: { address?: string }): Node[] {
    if (address === undefined) return [];
    const link = document.createElement('a');
    Object.assign(link, {
      href: address,
      textContent: words.openMessage,
      className: 'primary',
      rel: 'noreferrer',
    });
    return [link];
  }

  element<HTMLFormElement>('form').addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(false);
  });
  const time = new Date(Date.now() + expiresInMs).toLocaleTimeString(document.documentElement.lang, {
    timeStyle: 'short',
  });
  element('until').textContent = words.until.replace('{time}', time);
  setTimeout(() => {
    if (!isOver) close(createParagraph(words.expired));
  }, expiresInMs);

  return {
    ready(painted) {
      mask = painted;
      button.disabled = isOver;
    },
  };
}

function createTitle(text: string): HTMLHeadingElement {
  const title = document.createElement('h2');
  title.textContent = text;
  return title;
}

async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const size = 0x8000; // more arguments than this are too many for one call
  let text = '';
  for (let at = 0; at < bytes.length; at += size)
    text += String.fromCharCode(...bytes.subarray(at, at + size));
  return btoa(text);
}
