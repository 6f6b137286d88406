import type {
  APIFileComponent,
  APIMediaGalleryComponent,
  APITextDisplayComponent,
  APIThumbnailComponent,
} from 'discord-api-types/v10';
import { ComponentType } from 'discord-api-types/v10';
import type { AnyComponent } from '../components.ts';
import { flatten } from '../components.ts';
import { findAddressProblems, toFileName, WEB_OR_FILE } from './addresses.ts';
import { walk } from './component-rules.ts';
import type { Problem } from './problem.ts';
import { missing, refusedBecause, tooLong } from './problem.ts';

type Path = readonly (string | number)[];

/** Components V2, nested ones counted (Discord docs, components/reference, "Component Reference"). */
const MOST_COMPONENTS = 40;
/** All text displays together; undocumented by Discord, in the discord.js guide, "Display components". */
const MOST_CHARACTERS = 4000;

/** Rules for a message with the Components V2 flag, in addition to those of each component. */
export function findLayoutProblems(
  components: readonly AnyComponent[],
  fileNames: readonly string[],
  at: Path,
): Problem[] {
  const all = flatten(components);
  const problems = walk(components, at, (component, path) => findInPart(component, fileNames, path));
  if (all.length > MOST_COMPONENTS) problems.push(tooLong(at, all.length, MOST_COMPONENTS));
  const total = all.filter(isText).reduce((sum, text) => sum + text.content.length, 0);
  if (total > MOST_CHARACTERS) {
    const message = `The text of all components must be ${MOST_CHARACTERS} or fewer in length (is ${total})`;
    problems.push(refusedBecause(at, 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message));
  }
  return problems;
}

export function isText(component: AnyComponent): component is AnyComponent & APITextDisplayComponent {
  return component.type === ComponentType.TextDisplay;
}

function findInPart(component: AnyComponent, fileNames: readonly string[], path: Path): Problem[] {
  if (isText(component)) return component.content.trim() === '' ? [missing([...path, 'content'])] : [];
  switch (component.type) {
    case ComponentType.MediaGallery:
      return (component as unknown as APIMediaGalleryComponent).items.flatMap(({ media }, index) =>
        findInMedia(media.url, WEB_OR_FILE, fileNames, [...path, 'items', index, 'media', 'url']),
      );
    case ComponentType.Thumbnail: {
      const { media } = component as unknown as APIThumbnailComponent;
      return findInMedia(media.url, WEB_OR_FILE, fileNames, [...path, 'media', 'url']);
    }
    case ComponentType.File: {
      const { file } = component as unknown as APIFileComponent;
      return findInMedia(file.url, ['attachment'], fileNames, [...path, 'file', 'url']);
    }
    default:
      return [];
  }
}

function findInMedia(
  url: string,
  schemes: readonly string[],
  fileNames: readonly string[],
  path: Path,
): Problem[] {
  const name = toFileName(url);
  if (name === undefined || fileNames.includes(name)) return findAddressProblems(path, url, schemes);
  const message = `The referenced attachment "${name}" was not found`;
  return [refusedBecause(path, 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND', message)];
}
