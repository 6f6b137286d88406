type Child = Node | string | undefined | false;
type Value = string | number | boolean | undefined | ((event: never) => void);

/** Makes an element: functions and `class` become properties, true an attribute without a value; false and undefined are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties?: Readonly<Record<string, Value>>,
  ...children: Child[]
): HTMLElementTagNameMap[Tag];
export function element(
  tag: string,
  properties?: Readonly<Record<string, Value>>,
  ...children: Child[]
): HTMLElement;
export function element(
  tag: string,
  properties: Readonly<Record<string, Value>> = {},
  ...children: Child[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') Reflect.set(made, name, value);
    else if (name === 'class') made.className = String(value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

export function button(
  label: string,
  properties: Readonly<Record<string, Value>>,
  ...children: Child[]
): HTMLButtonElement {
  return element('button', { type: 'button', 'aria-label': label, title: label, ...properties }, ...children);
}

const svg = 'http://www.w3.org/2000/svg';

/** A drawing of one path on a ground of 24 × 24. */
export function icon(path: string): SVGSVGElement {
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.classList.add('icon');
  const line = document.createElementNS(svg, 'path');
  line.setAttribute('d', path);
  drawing.append(line);
  return drawing;
}
