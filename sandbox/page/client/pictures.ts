import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';

export interface ShownPicture {
  readonly url: string;
  readonly name: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly isSpoiler?: boolean;
}

/** The largest size at which a picture is shown, in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** A file of the message: MEDIA_MOSAIC_MAX_WIDTH and _HEIGHT of Discord's web client, 2024. */
export const roomOfFile: Room = { width: 550, height: 350 };
/** An embed's large image (measured in leovoel/embed-visualizer#30). */
export const roomInEmbed: Room = { width: 400, height: 300 };

/** A picture with its space reserved from the start, so nothing jumps when it has loaded. A press shows it full size. */
export function renderPicture(picture: ShownPicture, room = roomOfFile): HTMLElement {
  const { url, name, width, height } = picture;
  const image = element('img', { src: url, alt: name, loading: 'lazy', decoding: 'async', class: 'picture' });
  if (width !== undefined && height !== undefined) {
    const scale = Math.min(1, room.width / width, room.height / height);
    image.width = Math.round(width * scale);
    image.height = Math.round(height * scale);
    image.style.aspectRatio = `${width} / ${height}`;
  }
  image.onerror = () =>
    image.replaceWith(element('span', { class: 'broken' }, `${name} cannot be shown here`));
  const opener = button(`Show ${name} whole`, { class: 'picture-button', title: name }, image);
  if (picture.isSpoiler) opener.classList.add('hidden-picture');
  opener.onclick = () => {
    if (opener.classList.contains('hidden-picture')) opener.classList.remove('hidden-picture');
    else showWhole(picture);
  };
  return opener;
}

/** Pictures and films. Several are laid out as in Discord's web client, each cropped to its tile. */
export function renderMosaic(media: readonly HTMLElement[]): HTMLElement {
  const count = media.length;
  if (count === 1) return element('div', { class: 'single' }, ...media);
  for (const [index, one] of media.entries()) {
    one.classList.add('tile', `tile-${toTile(index, count)}`);
  }
  return element('div', { class: 'mosaic' }, ...media);
}

/** Three make one large and two small tiles. More than four make rows of three; any left over come first. */
function toTile(index: number, count: number): 'whole' | 'half' | 'flat' | 'large' | 'small' | 'third' {
  if (count === 2) return 'half';
  if (count === 3) return index === 0 ? 'large' : 'small';
  if (count === 4) return 'flat';
  const first = count % 3;
  if (index >= first) return 'third';
  return first === 1 ? 'whole' : 'half';
}

function showWhole({ url, name }: ShownPicture): void {
  const dialog = element(
    'dialog',
    { class: 'lightbox', 'aria-label': name },
    element('img', { src: url, alt: name }),
    element(
      'p',
      {},
      element('a', { href: url, target: '_blank', rel: 'noreferrer' }, 'Open in browser'),
      button('Close', { class: 'round', onclick: () => dialog.close() }, icon(icons.close)),
    ),
  );
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}
