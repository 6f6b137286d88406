/** How large a person's picture may be; it's then made to fit what the API takes. */
export const inputLimitBytes = 25 * 1024 * 1024;
/** What works if pictures are sent as bytes: the types that the decoder reads. */
export const inputTypeNames = ['JPEG', 'PNG', 'WebP', 'GIF', 'AVIF'] as const;
