import { describe, expect, it } from 'vitest';
import { readPreferencesModal } from '../../src/discord/preferences-modal.ts';

type Submitted = Parameters<typeof readPreferencesModal>[0];

const sent = ({ version = ['none'], speed = 'none' as string | null, toggles = ['notify', 'metadata'] }) =>
  ({
    fields: {
      getStringSelectValues: () => version,
      getRadioGroup: () => speed,
      getCheckboxGroup: () => toggles,
      getTextInputValue: () => '',
    },
  }) as unknown as Submitted;

const nothing = {
  version: undefined,
  aspect: undefined,
  speed: undefined,
  suffix: '',
  notify: undefined,
  metadata: undefined,
};

describe('a modal of preferences that was sent', () => {
  it.each([
    ['nothing', {}, { ...nothing, raw: false, translate: false, remix: false }],
    [
      'a version',
      { version: ['8.1'] },
      { ...nothing, version: '8.1', raw: false, translate: false, remix: false },
    ],
    ['no speed at all', { speed: null }, { ...nothing, raw: false, translate: false, remix: false }],
    [
      'a speed and toggles',
      { speed: 'turbo', toggles: ['raw', 'translate', 'remix'] },
      { ...nothing, speed: 'turbo', raw: true, translate: true, remix: true, notify: 'off', metadata: 'off' },
    ],
  ])('has %s', (_, values, changes) => {
    expect(readPreferencesModal(sent(values))).toEqual(changes);
  });

  it.each(['7 --repeat 40', '9', ''])('may come from anybody: the version %j is refused', (version) => {
    expect(() => readPreferencesModal(sent({ version: [version] }))).toThrow(
      expect.objectContaining({ code: 'option-malformed', details: { option: 'version', value: version } }),
    );
  });
});
