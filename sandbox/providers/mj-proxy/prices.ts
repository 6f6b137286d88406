/** US dollars a call (new-api setting/operation_setting/model-ratio.go; a model without a price costs 0.1). */
const prices: Record<string, number> = {
  DESCRIBE: 0.05,
  UPSCALE: 0.05,
  SWAP_FACE: 0.05,
  UPLOAD: 0.05,
  VIDEO: 0.8,
  // Their price is paid with the modal that follows.
  INPAINT: 0,
  CUSTOM_ZOOM: 0,
};

export function toPriceUsd(gatewayAction: string): number {
  return prices[gatewayAction] ?? 0.1;
}
