import { describe, expect, it } from 'vitest';
import { toGatewayAction } from '../../sandbox/providers/mj-proxy/custom-id.ts';
import { refusesButton } from '../../src/providers/mj-proxy/new-api-buttons.ts';

const taken = [
  'MJ::JOB::upsample::2::u',
  'MJ::JOB::variation::3::u',
  'MJ::JOB::low_variation::1::u::SOLO',
  'MJ::JOB::high_variation::1::u::SOLO',
  'MJ::JOB::reroll::0::u::SOLO',
  'MJ::JOB::pan_left::1::u::SOLO',
  'MJ::JOB::pan_around::1::u::SOLO',
  'MJ::JOB::expand::1::u::SOLO', // it looks for "pan" anywhere in a name
  'MJ::JOB::upsample_v9_8x_tiled::1::u::SOLO',
  'MJ::JOB::upsample::5::u',
  'MJ::Outpaint::50::1::u::SOLO',
  'MJ::CustomZoom::u',
  'MJ::Inpaint::1::u::SOLO',
];
const refused = [
  '',
  'MJ',
  'MJ::JOB',
  'MJ::JOB::::1::u',
  'MJ::BOOKMARK::u',
  'MJ::Picread::Retry',
  'MJ::Job::PicReader::all',
  'MJ::Job::PicReader::1',
  'MJ::Job::PromptAnalyzer::1',
  'MJ::CancelJob::ByJobid::u',
  'MJ::JOB::animate_high::1::u::SOLO',
  'MJ::JOB::video_virtual_upscale::1::u',
  'MJ::JOB::upsample_v9_8x_tiled',
  'MJ::JOB::upsample::two::u',
  'MJ::JOB::middle_variation::1::u::SOLO',
  'MJ::JOB::__proto__::1::u',
];

describe('what new-api takes', () => {
  it.each(taken)('includes %s', (customId) => {
    expect(refusesButton(customId)).toBe(false);
    expect(toGatewayAction(customId)).toHaveProperty('action');
  });

  it.each(refused)("doesn't include %j", (customId) => {
    expect(refusesButton(customId)).toBe(true);
    expect(toGatewayAction(customId) ?? 'it crashes').not.toHaveProperty('action');
  });
});
