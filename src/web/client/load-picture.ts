/** The picture, and how large a mask for it has to be. */
export interface LoadedPicture {
  readonly picture: ImageBitmap;
  readonly width: number;
  readonly height: number;
}

/** While the bot still fetches it. */
const mostTries = 20;

/** Returns the picture; `undefined` if it can't be had. */
export async function loadPicture(address: string): Promise<LoadedPicture | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return read(response);
    if (response !== undefined && response.status !== 503) return undefined;
    const seconds = Number(response?.headers.get('retry-after') ?? 2);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
  return undefined;
}

async function read(response: Response): Promise<LoadedPicture | undefined> {
  const [width = 0, height = 0] = (response.headers.get('mask-size') ?? '').split('x').map(Number);
  try {
    const picture = await createImageBitmap(await response.blob());
    return width > 0 && height > 0 ? { picture, width, height } : undefined;
  } catch {
    return undefined; // it's damaged, or broke off
  }
}
