/** A person's picture is read up to this size, and made to fit what the API takes. */
export const inputLimitBytes = 25 * 1024 * 1024;
/** What works wherever pictures are sent as bytes: the decoder reads them. */
export const inputTypeNames = ['JPEG', 'PNG', 'WebP', 'GIF', 'AVIF'] as const;
