import type { Mutant } from '../mutant.ts';

const form = { file: 'src/accounts/video-form.ts', tests: ['test/accounts/video-form.test.ts'] };

/** What videos may be, and how long. */
export const videos: readonly Mutant[] = [
  {
    name: 'videos: the option counts more than the text',
    file: 'src/prompt/video.ts',
    find: 'options: { ...chosen, ...set }',
    replace: 'options: { ...set, ...chosen }',
    breaks: 'People are told that the text counts, and get what the option says.',
    tests: ['test/prompt/video.test.ts'],
  },
  {
    ...form,
    name: 'videos: any number of clips',
    find: '!clips.includes(options.clips)',
    replace: 'false',
    breaks: 'An API that always makes four is asked for one, and people get and pay for something else.',
  },
  {
    ...form,
    name: 'videos: 720p anywhere',
    find: '!resolutions.includes(options.resolution)',
    replace: 'false',
    breaks: 'An API that only has 480p is paid for 720p.',
  },
  {
    ...form,
    name: 'videos: a last frame anywhere',
    find: 'hasEnd && !takesEnd',
    replace: 'false',
    breaks: "Somebody's last frame is silently dropped.",
  },
  {
    ...form,
    name: 'videos: 720p at leisure',
    find: "is720pFast && options.resolution === '720p'",
    replace: 'false',
    breaks: 'A video is started that Midjourney turns down.',
  },
  {
    name: 'videos: Ace decides about the resolution',
    file: 'src/providers/acedata/requests.ts',
    find: "{ resolution = '480p' }: TaskOptions): VideoResolution",
    replace: "{ resolution = '720p' }: TaskOptions): VideoResolution",
    breaks: 'A video that is priced as 480p is made in 720p.',
    tests: ['test/providers/acedata.test.ts'],
  },
  {
    name: 'videos: more of one clip makes four',
    file: 'src/providers/mj-proxy/submits.ts',
    find: '      task_id: taskId,\n      ...toBatch(request.options),',
    replace: '      task_id: taskId,',
    breaks: 'An extension that is priced as one clip is made as four.',
    tests: ['test/providers/mj-proxy-family.test.ts'],
  },
  {
    name: 'videos: a fifth extension',
    file: 'src/service/presses.ts',
    find: 'if (!isStillOffered(parent, offer)) throw',
    replace: 'if (false) throw',
    breaks: 'A forged press pays for a video that Midjourney refuses to make.',
    tests: ['test/service/video-length.test.ts'],
  },
  {
    name: 'videos: extensions are not counted',
    file: 'src/service/press-prices.ts',
    find: 'extensions: countExtensions(request) + 1',
    replace: 'extensions: 1',
    breaks: 'Every video can be extended again, until Midjourney refuses.',
    tests: ['test/service/video-length.test.ts'],
  },
  {
    name: 'videos: a button makes as few clips as the set has',
    file: 'src/service/press-prices.ts',
    find: 'takesWords === true && clips !== undefined',
    replace: 'clips !== undefined',
    breaks: 'An extension is priced as one clip although nobody tells the API to make only one.',
    tests: ['test/service/video-length.test.ts'],
  },
  {
    name: 'videos: more clips than were priced',
    file: 'src/service/extensions.ts',
    find: 'if (clips !== undefined) throw',
    replace: 'if (false) throw',
    breaks: 'A flag for clips disappears from the words, and nobody says so.',
    tests: ['test/service/extensions.test.ts'],
  },
  {
    name: 'videos: what is typed for an extension is not read',
    file: 'src/service/wording.ts',
    find: 'offer === undefined || offer.takesWords === true ?',
    replace: 'offer === undefined ?',
    breaks: 'Words that the API turns down are paid for.',
    tests: ['test/service/extensions.test.ts'],
  },
];
