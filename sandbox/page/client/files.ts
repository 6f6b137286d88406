import type { SentFile } from '../protocol.ts';
import { toSize } from './attachments.ts';
import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';

/** Throws a sentence for a file that can't be sent: too large, a folder, or deleted. */
export async function readFile(file: File, limitBytes: number): Promise<SentFile> {
  if (file.size > limitBytes) {
    throw new Error(`“${file.name}” has ${toSize(file.size)}; files may have ${toSize(limitBytes)} here.`);
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Error(`“${file.name}” cannot be read. Is it a folder, or was it moved?`);
  }
  if (bytes.length === 0) throw new Error(`“${file.name}” is empty.`);
  return { name: file.name, contentType: file.type, base64: toBase64(bytes) };
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  const step = 0x8000;
  for (let at = 0; at < bytes.length; at += step) {
    text += String.fromCharCode(...bytes.subarray(at, at + step));
  }
  return btoa(text);
}

export interface FilePicker {
  readonly element: HTMLElement;
  readonly files: readonly File[];
  add(files: Iterable<File>): void;
}

export interface FilePickerOptions {
  name: string;
  maximum: number;
  /** As of `<input accept>`. */
  accept?: string;
  changed?(): void;
}

/** A drop area for files, which can also be pressed. */
export function createFilePicker({ name, maximum, accept, changed }: FilePickerOptions): FilePicker {
  let files: readonly File[] = [];
  const input = element('input', {
    type: 'file',
    multiple: maximum > 1,
    accept,
    'aria-label': name,
    class: 'file-input',
  });
  const hint = element('span', { class: 'file-hint' });
  const list = element('span', { class: 'file-list' });
  const frame = element('label', { class: 'file-picker' }, input, icon(icons.file), hint, list);

  function show(): void {
    hint.textContent = files.length === 0 ? 'Drop a file, or press to choose' : '';
    list.replaceChildren(
      ...files.map((file) => {
        const picture = file.type.startsWith('image/')
          ? element('img', { src: URL.createObjectURL(file), alt: '' })
          : undefined;
        if (picture) picture.onload = () => URL.revokeObjectURL(picture.src);
        if (picture) picture.onerror = () => picture.remove();
        const remove = button(`Remove ${file.name}`, { class: 'file-remove' }, icon(icons.close));
        remove.onclick = (event) => {
          event.preventDefault();
          files = files.filter((one) => one !== file);
          show();
          changed?.();
        };
        return element(
          'span',
          { class: 'file' },
          picture,
          element('span', { class: 'file-name' }, file.name),
          remove,
        );
      }),
    );
  }

  function add(more: Iterable<File>): void {
    files = [...files, ...more].slice(-maximum);
    show();
    changed?.();
  }

  input.onchange = () => {
    add(input.files ?? []);
    // So that the same file can be chosen again after it was removed.
    input.value = '';
  };
  takeDrops(frame, add);
  show();
  return {
    element: frame,
    add,
    get files() {
      return files;
    },
  };
}

/** Accepts files that are dropped on an element, and shows where. */
export function takeDrops(target: HTMLElement, take: (files: File[]) => void): void {
  const mark = (event: DragEvent, isOver: boolean) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    target.classList.toggle('drop-target', isOver);
  };
  target.addEventListener('dragover', (event) => mark(event, true));
  target.addEventListener('dragleave', (event) => mark(event, false));
  target.addEventListener('drop', (event) => {
    mark(event, false);
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
