/** A button as the family writes it: `type` 2, `style` with Discord's numbers; labels and emoji are often empty. */
export interface Button {
  customId: string;
  emoji: string;
  label: string;
  type: 2;
  style: 1 | 2 | 3;
}

export type Version = '4' | '5' | '6' | '6.1' | '7' | '8';

/** The name of a custom emoji of Midjourney's own server; it isn't a Unicode emoji, so Discord refuses it from others. */
const upscaleEmoji = 'upscale_1';

/**
 * An upscale that nobody has heard of yet. Proxies and gateways read `upsample` in its id, and so take it for one (new-api
 * service/midjourney.go; trueai SubmitController.cs).
 */
function createNewButton(job: string): Button {
  return createButton(`MJ::JOB::upsample_v7_8x_tiled::1::${job}::SOLO`, upscaleEmoji, 'Tile (8x)');
}

/** U1–U4, 🔄, V1–V4, in the order of Midjourney's two rows. */
export function createGridButtons(job: string): Button[] {
  const numbers = [1, 2, 3, 4];
  return [
    ...numbers.map((number) => createButton(`MJ::JOB::upsample::${number}::${job}`, '', `U${number}`)),
    createButton(`MJ::JOB::reroll::0::${job}::SOLO`, '🔄'),
    ...numbers.map((number) => createButton(`MJ::JOB::variation::${number}::${job}`, '', `V${number}`)),
  ];
}

/** Under one picked tile. The upscale it offers depends on the model version (trueai CustomComponentModel.cs). */
export function createSingleButtons(job: string, options: { version: Version; isSquare: boolean }): Button[] {
  const { version, isSquare } = options;
  if (version === '4' || version === '8') {
    // trueai has no upscale, zoom or pan for these versions.
    const region = version === '8' ? [createRegionButton(job)] : [];
    return [...createVaryButtons(job), ...region, ...createAnimateButtons(job), createBookmark(job)];
  }
  return [
    ...createUpscaleButtons(job, version),
    ...createVaryButtons(job),
    createRegionButton(job),
    ...createZoomButtons(job, isSquare),
    ...createPanButtons(job),
    ...(version === '7' ? [...createAnimateButtons(job), createNewButton(job)] : []),
    createBookmark(job),
  ];
}

/** After Upscale (Subtle or Creative): redo, vary and zoom, but no pan. */
export function createUpscaledButtons(
  job: string,
  options: { version: Version; isSquare: boolean },
): Button[] {
  const redo = createUpscaleButtons(job, options.version).map((button) => ({
    ...button,
    label: button.label.replace('Upscale', 'Redo Upscale'),
  }));
  return [
    ...redo,
    ...createVaryButtons(job),
    createRegionButton(job),
    ...createZoomButtons(job, options.isSquare),
    ...(options.version === '7' ? createAnimateButtons(job) : []),
    createBookmark(job),
  ];
}

/** Under a set of clips (trueai TaskInfo.cs). */
export function createVideoButtons(job: string, clips = 4): Button[] {
  return [
    ...[1, 2, 3, 4]
      .slice(0, clips)
      .map((number) => createButton(`MJ::JOB::video_virtual_upscale::${number}::${job}`, '', `U${number}`)),
    createButton(`MJ::JOB::reroll::0::${job}::SOLO`, '🔄'),
  ];
}

/** Under one picked clip: four seconds more. */
export function createPickedVideoButtons(job: string): Button[] {
  return [
    createButton(`MJ::JOB::animate_high_extend::1::${job}`, '🎞️', 'Extend (High motion)'),
    createButton(`MJ::JOB::animate_low_extend::1::${job}`, '🎞️', 'Extend (Low motion)'),
  ];
}

/** Under a description: one for each of the four lines, the same again, and all of them (live forms; labels empty). */
export function createDescribeButtons(): Button[] {
  const keycaps = ['1️⃣', '2️⃣', '3️⃣', '4️⃣'];
  return [
    ...keycaps.map((keycap, index) => createButton(`MJ::Job::PicReader::${index + 1}`, keycap)),
    createButton('MJ::Picread::Retry', '🔄'),
    createButton('MJ::Job::PicReader::all', '🎉', 'Imagine all'),
  ];
}

/** Under a shortened prompt: one for each of the five lines. */
export function createShortenButtons(): Button[] {
  const keycaps = ['1️⃣', '2️⃣', '3️⃣', '4️⃣', '5️⃣'];
  return keycaps.map((keycap, index) => createButton(`MJ::Job::PromptAnalyzer::${index + 1}`, keycap));
}

function createButton(customId: string, emoji: string, label = ''): Button {
  return { customId, emoji, label, type: 2, style: 2 };
}

function createUpscaleButtons(job: string, version: Version): Button[] {
  if (version === '5') {
    return ['2x', '4x'].map((factor) =>
      createButton(`MJ::JOB::upsample_v5_${factor}::1::${job}::SOLO`, upscaleEmoji, `Upscale (${factor})`),
    );
  }
  const model = version === '6' ? 'v6' : version === '6.1' ? 'v6r1' : 'v7';
  return ['Subtle', 'Creative'].map((mood) =>
    createButton(
      `MJ::JOB::upsample_${model}_2x_${mood.toLowerCase()}::1::${job}::SOLO`,
      upscaleEmoji,
      `Upscale (${mood})`,
    ),
  );
}

function createVaryButtons(job: string): Button[] {
  return [
    createButton(`MJ::JOB::low_variation::1::${job}::SOLO`, '🪄', 'Vary (Subtle)'),
    createButton(`MJ::JOB::high_variation::1::${job}::SOLO`, '🪄', 'Vary (Strong)'),
  ];
}

function createRegionButton(job: string): Button {
  return createButton(`MJ::Inpaint::1::${job}::SOLO`, '🖌️', 'Vary (Region)');
}

function createZoomButtons(job: string, isSquare: boolean): Button[] {
  return [
    createButton(`MJ::Outpaint::50::1::${job}::SOLO`, '🔍', 'Zoom Out 2x'),
    createButton(`MJ::Outpaint::75::1::${job}::SOLO`, '🔍', 'Zoom Out 1.5x'),
    createButton(`MJ::CustomZoom::${job}`, '🔍', 'Custom Zoom'),
    ...(isSquare ? [] : [createButton(`MJ::Outpaint::100::1::${job}::SOLO`, '↔️', 'Make Square')]),
  ];
}

function createPanButtons(job: string): Button[] {
  const arrows = { left: '⬅️', right: '➡️', up: '⬆️', down: '⬇️' };
  return Object.entries(arrows).map(([direction, arrow]) =>
    createButton(`MJ::JOB::pan_${direction}::1::${job}::SOLO`, arrow),
  );
}

function createAnimateButtons(job: string): Button[] {
  return [
    createButton(`MJ::JOB::animate_high::1::${job}::SOLO`, '🎞️', 'Animate (High motion)'),
    createButton(`MJ::JOB::animate_low::1::${job}::SOLO`, '🎞️', 'Animate (Low motion)'),
  ];
}

function createBookmark(job: string): Button {
  return createButton(`MJ::BOOKMARK::${job}`, '❤️');
}
