import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';

export interface ShownPicture {
  readonly url: string;
  readonly name: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly isSpoiler?: boolean;
}

/** Discord's own limits for the size of a picture in a message. */
const widest = 400;
const highest = 350;

/** A picture with its space reserved from the start, so nothing jumps when it has loaded. A press shows it full size. */
export function renderPicture(picture: ShownPicture): HTMLElement {
  const { url, name, width, height } = picture;
  const image = element('img', { src: url, alt: name, loading: 'lazy', decoding: 'async', class: 'picture' });
  if (width !== undefined && height !== undefined) {
    const scale = Math.min(1, widest / width, highest / height);
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
