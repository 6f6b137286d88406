import { ComponentType } from 'discord.js';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { inputLimitBytes } from '../images/accepted.ts';
import type { InputPicture } from '../task.ts';
import type { RawInteraction } from './caller.ts';
import { isPlainHttps, toInputPicture, toLinkedPicture } from './options.ts';

/** The message whose menu a command was chosen from. */
export interface TargetMessage {
  readonly id: string;
  /** Whether this bot wrote it. */
  readonly isOurs: boolean;
  /**
   * Returns its pictures in the order that people see them, as many as a menu can list. Throws a `UserError` if there are none,
   * or if none of them can be used.
   */
  listPictures(): InputPicture[];
}

/** How many choices a select menu has (Discord docs, "String Select Structure"). */
export const mostListed = 25;
/** How deep components are nested: a section in a container, with a thumbnail in it. */
const deepest = 4;

/**
 * Reads the message from the interaction as Discord sent it. Anybody may have written it, and only the parts with pictures are
 * read: a part of a form that isn't known counts as one without.
 */
export function readTargetMessage({ data, application_id: applicationId }: RawInteraction): TargetMessage {
  const id = data?.target_id ?? '';
  const message = messageSchema.parse(data?.resolved?.messages?.[id] ?? {});
  return {
    id,
    isOurs: message.author?.id === applicationId,
    listPictures: () => listPictures([message, ...message.message_snapshots.map(({ message: one }) => one)]),
  };
}

/** Reads the message whose component was used, in the same way. */
export function readPressedMessage({ message }: RawInteraction): Pick<TargetMessage, 'listPictures'> {
  return { listPictures: () => listPictures([messageSchema.parse(message ?? {})]) };
}

const attachmentSchema = z.object({
  url: z.string(),
  filename: z.string().catch('image'),
  size: z.number().catch(inputLimitBytes),
  content_type: z.string().nullish().catch(undefined),
  width: z.number().nullish().catch(undefined),
  height: z.number().nullish().catch(undefined),
});
type Attachment = z.infer<typeof attachmentSchema>;

/** A picture that stands in a link's preview, or in a layout (Discord docs, "Embed Image Structure", "Unfurled Media Item"). */
const mediaSchema = z.object({
  url: z.string().nullish().catch(undefined),
  proxy_url: z.string().nullish().catch(undefined),
  content_type: z.string().nullish().catch(undefined),
});
type Media = z.infer<typeof mediaSchema>;

const embedSchema = z.object({
  image: mediaSchema.nullish().catch(undefined),
  thumbnail: mediaSchema.nullish().catch(undefined),
});

const componentSchema = z.object({
  type: z.number().catch(0),
  media: mediaSchema.nullish().catch(undefined),
  items: lenientArray(z.object({ media: mediaSchema })),
  components: z.array(z.unknown()).catch([]),
  accessory: z.unknown().optional(),
});

const contentSchema = z.object({
  attachments: lenientArray(attachmentSchema),
  embeds: lenientArray(embedSchema),
  components: z.array(z.unknown()).catch([]),
});
type Content = z.infer<typeof contentSchema>;

const messageSchema = contentSchema.extend({
  author: z.object({ id: z.string() }).nullish().catch(undefined),
  /** What a forwarded message has. */
  message_snapshots: lenientArray(z.object({ message: contentSchema })),
});

/** The elements of that form; others are left out. */
function lenientArray<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((elements) =>
      elements.flatMap((element) => {
        const read = schema.safeParse(element);
        return read.success ? [read.data] : [];
      }),
    );
}

function listPictures(contents: readonly Content[]): InputPicture[] {
  const refusals: unknown[] = [];
  const attempt = (read: () => InputPicture): InputPicture[] => {
    try {
      return [read()];
    } catch (error) {
      refusals.push(error);
      return [];
    }
  };
  const attachments = contents.flatMap((one) => one.attachments).filter(isPicture);
  const media = contents.flatMap((one) => [
    ...one.embeds.flatMap(({ image, thumbnail }) => [image, thumbnail]),
    ...one.components.flatMap((component) => listMedia(component, deepest)),
  ]);
  const pictures = [
    ...attachments.flatMap((attachment) => attempt(() => readAttachment(attachment))),
    ...media.flatMap(readMedia),
  ];
  const [first, ...others] = dropRepeated(pictures).slice(0, mostListed);
  if (first !== undefined) return [first, ...others];
  throw refusals[0] ?? new UserError('message-without-picture');
}

/** Videos, sounds and texts are in messages, too. Of what Discord can't name, a picture is what it could measure. */
function isPicture({ content_type: type, width }: Attachment): boolean {
  return type === undefined || type === null ? (width ?? 0) > 0 : type.startsWith('image/');
}

function readAttachment({ filename: name, content_type: contentType, width, height, ...rest }: Attachment) {
  const declared = { ...rest, name, contentType: contentType ?? null, width: width ?? null };
  return { ...toInputPicture({ ...declared, height: height ?? null }), isFromMessage: true };
}

/** Its address may lead anywhere; Discord's own copy is what people see, so that comes first. */
function readMedia(media: Media | null | undefined): InputPicture[] {
  const { url, proxy_url: copy, content_type: type } = media ?? {};
  const address = [copy, url].find((one) => typeof one === 'string' && isPlainHttps(one));
  if (typeof address !== 'string' || type?.startsWith('image/') === false) return [];
  return [{ ...toLinkedPicture(address), isFromMessage: true }];
}

function listMedia(component: unknown, depth: number): (Media | null | undefined)[] {
  const read = componentSchema.safeParse(component);
  if (!read.success || depth === 0) return [];
  const { type, media, items, components, accessory } = read.data;
  return [
    ...(type === ComponentType.Thumbnail ? [media] : []),
    ...items.map((item) => item.media),
    ...[...components, accessory].flatMap((inner) => listMedia(inner, depth - 1)),
  ];
}

/** A file may be attached and shown in an embed, too: by the same path at another host, with another signature. */
function dropRepeated(pictures: readonly InputPicture[]): InputPicture[] {
  const byPath = new Map<string, InputPicture>();
  for (const picture of pictures) {
    const path = URL.parse(picture.url)?.pathname ?? picture.url;
    if (!byPath.has(path)) byPath.set(path, picture);
  }
  return [...byPath.values()];
}
