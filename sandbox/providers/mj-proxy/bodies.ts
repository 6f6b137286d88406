/** A request's body, after JSON. */
export type Body = Readonly<Record<string, unknown>>;

export function readText(body: Body, field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value.trim() : '';
}

export function readTexts(body: Body, field: string): string[] {
  const value = body[field];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** `data:image/png;base64,…`; undefined where it is anything else. */
export function readPicture(dataUrl: string): { picture: Buffer; contentType: string } | undefined {
  const [, contentType, data] = /^data:(image\/[a-z+]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(dataUrl) ?? [];
  if (contentType === undefined || data === undefined) return undefined;
  return { picture: Buffer.from(data, 'base64'), contentType };
}
