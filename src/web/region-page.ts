import type { Words } from '../locales/index.ts';
import type { PageView } from '../service/region-pages.ts';
import { type IconName, renderIcon } from './icons.ts';
import type { RegionFacts, RegionTool, RegionWords } from './region-protocol.ts';

/** What the editor's page shows, and in which words. */
export interface EditorPage extends Omit<PageView, 'expiresAt'> {
  readonly expiresInMs: number;
  readonly words: Words;
}

/** A page with one thing to say, because there's nothing to edit. */
export interface NoticePage {
  readonly locale: string;
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly address: string; readonly label: string };
}

/** The order in which they're offered, each with the key that chooses it. */
const tools: readonly (readonly [RegionTool, string])[] = [
  ['brush', 'B'],
  ['rectangle', 'R'],
  ['lasso', 'L'],
  ['eraser', 'E'],
  ['hand', 'H'],
];

/** The whole page as HTML, with no script or style of its own: the policy of the page allows none. */
export function renderEditor(page: EditorPage, assetPath: string): string {
  const { name, work, prompt, mayBeEmpty, words } = page;
  const { say } = words;
  const title = say(work === 'edit' ? 'action.edit' : 'action.vary-region');
  const label = say(work === 'edit' ? 'window.change' : 'window.prompt');
  const placeholder = mayBeEmpty ? say('window.prompt-optional') : say('page.prompt-hint');
  const body = `
<header class="about">
  <h1>${escapeHtml(title)}</h1>
  <p>${escapeHtml(say('page.whose', { name }))} · <span id="cost">${escapeHtml(sayCost(page))}</span></p>
  <p class="small" id="until"></p>
</header>
<main class="stage" id="stage">
  <canvas id="canvas" tabindex="0" role="application" aria-label="${escapeHtml(say('page.canvas'))}" aria-describedby="keys"></canvas>
  <div class="cover" id="cover">
    <p id="cover-text">${escapeHtml(say('page.loading'))}</p>
    <button type="button" id="reload" hidden>${escapeHtml(say('page.reload'))}</button>
  </div>
</main>
<section class="tools" aria-label="${escapeHtml(say('page.tools'))}">
  <fieldset class="group choice">
    <legend class="unseen">${escapeHtml(say('page.tool'))}</legend>
    ${tools.map(([tool, key], index) => renderTool({ tool, key, isChosen: index === 0 }, words)).join('\n    ')}
  </fieldset>
  <label class="group size">
    <span class="unseen">${escapeHtml(say('page.size'))}</span>
    ${renderIcon('dot')}<input type="range" id="size" min="1" max="100" value="30">${renderIcon('disc')}
  </label>
  <div class="group actions">
    ${renderAction('undo', say('page.undo'), 'Control+Z')}
    ${renderAction('redo', say('page.redo'), 'Control+Shift+Z')}
    ${renderAction('invert', say('page.invert'), 'I')}
    ${renderAction('clear', say('page.clear'))}
  </div>
  <div class="group">
    ${renderAction('zoom-in', say('page.zoom-in'), '+')}
    ${renderAction('zoom-out', say('page.zoom-out'), '-')}
    ${renderAction('fit', say('page.fit'), '0')}
  </div>
  <output class="small" id="painted" for="canvas">${escapeHtml(say('page.nothing-painted'))}</output>
</section>
<form class="ask" id="form" novalidate>
  <label for="prompt">${escapeHtml(label)}</label>
  <textarea id="prompt" rows="2" maxlength="6000" placeholder="${escapeHtml(placeholder)}">
${escapeHtml(prompt)}</textarea>
  <div class="notice" id="notice" role="alert" hidden></div>
  <button type="submit" class="primary" id="submit" disabled>${escapeHtml(saySubmit(page))}</button>
  <details class="small">
    <summary>${escapeHtml(say('page.keys.title'))}</summary>
    <p id="keys">${escapeHtml(say('page.keys'))}</p>
  </details>
</form>
<div class="unseen" id="live" aria-live="polite"></div>
<script type="application/json" id="facts">${toJson(toFacts(page))}</script>
<script type="module" src="${assetPath}/main.ts"></script>`;
  return renderDocument({ locale: page.locale, title, className: 'editor', body }, assetPath);
}

/** The small page for a link that leads nowhere. */
export function renderNotice({ locale, title, text, link }: NoticePage, assetPath: string): string {
  const way =
    link === undefined
      ? ''
      : `\n  <p><a class="primary" href="${escapeHtml(link.address)}" rel="noreferrer">${escapeHtml(link.label)}</a></p>`;
  const body = `
<main class="card">
  <h1>${escapeHtml(title)}</h1>
  <p>${escapeHtml(text)}</p>${way}
</main>`;
  return renderDocument({ locale, title, className: 'notice-page', body }, assetPath);
}

function renderDocument(
  { locale, title, className, body }: { locale: string; title: string; className: string; body: string },
  assetPath: string,
): string {
  return `<!doctype html>
<html lang="${escapeHtml(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${assetPath}/icon.svg">
<link rel="stylesheet" href="${assetPath}/editor.css">
</head>
<body class="${className}">${body}
</body>
</html>
`;
}

function renderTool(
  { tool, key, isChosen }: { tool: RegionTool; key: string; isChosen: boolean },
  { say }: Words,
): string {
  const label = escapeHtml(say(`page.tool.${tool}`));
  const checked = isChosen ? ' checked' : '';
  return `<label class="button" title="${label} (${key})"><input type="radio" name="tool" value="${tool}" aria-label="${label}" aria-keyshortcuts="${key}"${checked}>${renderIcon(tool)}</label>`;
}

function renderAction(id: IconName, text: string, keys?: string): string {
  const label = escapeHtml(text);
  const shortcut = keys === undefined ? '' : ` aria-keyshortcuts="${keys}"`;
  const title = keys === undefined ? label : `${label} (${keys})`;
  return `<button type="button" class="button" id="${id}" title="${title}" aria-label="${label}"${shortcut}>${renderIcon(id)}</button>`;
}

function toFacts({ price, expiresInMs, mayBeEmpty, words }: EditorPage): RegionFacts {
  return {
    ...(price === undefined ? {} : { price }),
    expiresInMs,
    mayBeEmpty,
    words: toPageWords(words),
  };
}

/** `{…}` stays in them as it is: the page fills it in. */
function toPageWords({ say }: Words): RegionWords {
  const hole = (name: string) => `{${name}}`;
  return {
    loadFailed: say('page.load-failed'),
    painted: say('page.painted', { percent: hole('percent') }),
    nothingPainted: say('page.nothing-painted'),
    everythingPainted: say('page.everything-painted'),
    paintFirst: say('page.paint-first'),
    promptEmpty: say('page.prompt-empty'),
    sending: say('page.sending'),
    unreachable: say('page.unreachable'),
    until: say('page.until', { time: hole('time') }),
    expired: say('page.expired'),
    cursor: say('page.cursor', { across: hole('across'), down: hole('down') }),
    strokeBegun: say('page.stroke-begun'),
    strokeEnded: say('page.stroke-ended'),
    strokeDropped: say('page.stroke-dropped'),
    undone: say('page.undone'),
    redone: say('page.redone'),
    inverted: say('page.inverted'),
    cleared: say('page.cleared'),
    zoomed: say('page.zoomed', { percent: hole('percent') }),
    corrected: say('words.corrected'),
    useCorrected: say('page.use-corrected'),
    sendAsWritten: say('button.as-written'),
    done: say('page.done'),
    openMessage: say('page.open-message'),
  };
}

/** What it costs, or that it can't be started. */
export function sayCost({ price, words: { say } }: { price: number | undefined; words: Words }): string {
  return price === undefined ? say('page.cost.refused') : say('page.cost', { price });
}

export function saySubmit({ price, words: { say } }: { price: number | undefined; words: Words }): string {
  return price === undefined ? say('page.submit') : say('page.submit.price', { price });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/** As data in a page: nothing in it may end the element. */
function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/</gu, '\\u003c');
}
