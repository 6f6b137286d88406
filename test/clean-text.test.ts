import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, cutText, shortenText } from '../src/clean-text.ts';

const family = '👨\u200d👩\u200d👧\u200d👦';
const england = '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';

describe('cleanText', () => {
  it.each([
    ['English', 'a fox in snow, “quoted” — and so on… 50 % <b> `code` **bold**'],
    ['Persian with joiners', 'می\u200cخواهم یک روباه در برف ببینم'],
    ['Persian with a final heh', 'سال ۱۳۸۸ ه\u200d.ش'],
    ['Arabic with marks', 'ثَعْلَبٌ أَحْمَرُ فِي الثَّلْجِ'],
    ['Arabic with a direction mark', 'جميلة\u200f! \u200fنعم'],
    ['Urdu', 'برف میں لومڑی'],
    ['Kurdish', 'ڕێوی لە بەفردا'],
    ['Hebrew', 'שועל אדום בשלג'],
    ['Hebrew with points', 'שׁוּעָל בַּשֶּׁלֶג'],
    ['Hebrew with a joiner of points', 'ירושל\u05b7\u034f\u05b4ם'],
    ['Yiddish', 'אַ פֿוקס אין שניי'],
    ['Syriac', 'ܬܥܠܐ ܒܬܠܓܐ'],
    ['Hindi', 'हिन्दी में लोमड़ी'],
    ['Hindi with joiners', 'क्\u200dष और क्\u200cष'],
    ['Bengali', 'তুষারে শিয়াল, র\u200d্যাব'],
    ['Malayalam with an old chillu', 'അവന്\u200d വന്നു'],
    ['Tamil', 'பனியில் நரி ஸ்ரீ'],
    ['Telugu', 'మంచులో నక్క'],
    ['Kannada', 'ಹಿಮದಲ್ಲಿ ನರಿ ರ\u200d್ಯ'],
    ['Sinhala', 'ශ්\u200dරී ලංකා'],
    ['Thai', 'สุนัขจิ้งจอกในหิมะ'],
    ['Thai with word breaks', 'จิ้งจอก\u200bใน\u200bหิมะ'],
    ['Khmer with word breaks', 'កញ្ជ្រោង\u200bក្នុង\u200bព្រិល'],
    ['Lao', 'ໝາຈອກໃນຫິມະ'],
    ['Burmese', 'နှင်းထဲက မြေခွေး'],
    ['Tibetan', 'གངས་ནང་གི་ཝ་མོ'],
    ['Amharic', 'ቀበሮ በበረዶ ውስጥ'],
    ['Georgian and Armenian', 'მელა თოვლში · աղվեսը ձյան մեջ'],
    ['Russian and Greek', 'лиса в снегу · αλεπού στο χιόνι'],
    ['Vietnamese', 'một con cáo trong tuyết'],
    ['decomposed letters', 'cafe\u0301 u\u0308ber A\u030angstro\u0308m'],
    ['decomposed Hangul', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
    ['old Hangul', '\u115f\u1161\u11ab'],
    ['Korean', '눈 속의 여우'],
    ['Japanese', '雪の中の狐。「きつね」、〜ーラーメン'],
    ['a variant of a Japanese name', '葛\u{e0100}飾区 神 﨑'],
    ['Chinese', '一只狐狸，在雪中：「红」——安静、明亮！'],
    ['Chinese outside the basic plane', '𠮷野家 𪚥'],
    ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ\u180eᠠ ᠪᠢ\u180b'],
    ['Adlam', '𞤀𞤣𞤤𞤢𞤥'],
    ['emoji', '🦊❄🌲'],
    ['a family', family],
    ['flags made of two emoji', '🏳️\u200d🌈 🏴\u200d☠️ 🏳️\u200d⚧️'],
    ['flags of countries', '🇩🇪🇯🇵🇧🇷'],
    ['flags of regions', `${england} 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}`],
    ['skin tones', '👍🏽 🧑🏿\u200d🚀 👩🏻\u200d❤️\u200d💋\u200d👨🏾'],
    ['keycaps', '1️⃣ 2️⃣ #️⃣ *️⃣'],
    ['emoji as text and as emoji', '❤︎ ❤️ ☺️ ©️ ™️ ‼️ 〰️'],
    ['a runner to the right', '🏃\u200d➡️'],
    ['mathematics', '∀x ∈ ℝ: ⌈x⌉ ≠ ⊨\ufe00'],
    ["an app's private character", '\uf8ff'],
    ['characters newer than this program', '\u{1fabc} \u{323b0}'],
  ])('leaves as it was typed: %s', (_what, text) => {
    expect(cleanText(text)).toBe(text);
  });

  it.each([
    ['a direction override', 'fox\u202egnp.exe', 'foxgnp.exe'],
    ['a direction override in right-to-left letters', 'שלום\u202dעולם\u202c', 'שלוםעולם'],
    ['isolates', '\u2067fox\u2069 \u2068a\u2066', 'fox a'],
    ['embeddings', '\u202afox\u202b\u202c', 'fox'],
    ['control characters', 'a\u0000\u0007fox\u001b[31m\u0085b', 'a fox [31m b'],
    ['line breaks', 'a\r\nfox\u2028in\u2029snow\vnow', 'a fox in snow now'],
    ['all kinds of spaces', '\u3000a\u00a0\u2003fox\u3164\u1680b', 'a fox b'],
    ['a text of invisible characters only', '\u3164\u200b\u200d\u2060\ufe0f\u034f', ''],
    ['invisible spaces among Latin letters', 'f\u200bo\u2060x\ufeff', 'fox'],
    ['invisible spaces among Chinese letters', '狐\u200b狸', '狐狸'],
    ['joiners among Latin letters', 'f\u200co\u200dx', 'fox'],
    ['a joiner in a flag', 'a --tu\u200drbo', 'a --turbo'],
    ['a joiner among full-width letters', '－－ｔ\u200dｕrbo', '－－ｔｕrbo'],
    ['a joiner between dashes', '-\u200c-\u200dturbo', '--turbo'],
    ['a soft hyphen', 'tur\u00adbo', 'turbo'],
    ['a selector after a Latin letter', 't\ufe0furbo\u{e0100}', 'turbo'],
    ['a selector after a dash', '-\ufe0f-turbo', '--turbo'],
    ['a selector after a digit', '--v 7\ufe0f', '--v 7'],
    ['a direction mark in a flag', '--\u200far 1\u200e6:9', '--ar 16:9'],
    ['a combining joiner in a flag', '--tu\u034frbo', '--turbo'],
    ['hidden words in tags', 'a fox\u{e0069}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}', 'a fox'],
    ['tags without an end', '🏴\u{e0067}\u{e0062} a', '🏴 a'],
    ['emoji joiners without an emoji', '🦊\u200d fox', '🦊 fox'],
    ['invisible operators', 'f\u2061(x)\u2062y\u2063z', 'f(x)yz'],
    ['annotations', '\ufff9fox\ufffaannotation\ufffb', 'foxannotation'],
    ['halves of characters', 'a\ud83d fox\udc68', 'a fox'],
    ["code points that aren't characters", 'a\uffff\ufdd0 fox', 'a fox'],
  ])('removes %s', (_what, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  it('changes nothing the second time', () => {
    const characters = fc.constantFrom(...' a-1#🏴👩🎨🏽مक็ខ狐ᄒ', ...invisibles, '\ud83d');
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: characters }));
    fc.assert(fc.property(texts, (text) => cleanText(cleanText(text)) === cleanText(text)));
  });
});

const invisibles = '\u034f\u180b\u115f\u200b\u200c\u200d\u200f\u202e\u20e3\ufe0f\u{e0067}\u{e007f}\u0301';

describe('cutText', () => {
  it.each([
    ['nothing that fits', 'a fox', 5, 'a fox'],
    ['letters', 'a fox', 3, 'a f'],
    ['no emoji in two', 'a🦊', 2, 'a'],
    ['no family in two', `a${family}b`, 11, 'a'],
    ['no flag in two', `ab${england}`, 15, 'ab'],
    ['no flag of a country in two', '🇩🇪🇯🇵', 7, '🇩🇪'],
    ['no letter off its mark', 'cafe\u0301', 4, 'caf'],
    ['no syllable in two', 'हिन्दी', 3, 'हि'],
    [
      'between the marks of a letter that has too many',
      `a${'\u0301'.repeat(50)}`,
      10,
      `a${'\u0301'.repeat(9)}`,
    ],
    ['no character in half, even in one that is too long', family, 4, '👨\u200d'],
  ])('cuts %s', (_what, text, limit, expected) => {
    expect(cutText(text, limit)).toBe(expected);
  });

  it('stays within its limit, and never leaves half a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (text, limit) => {
          const shown = shortenText(text, limit);
          expect(shown.length).toBeLessThanOrEqual(limit);
          expect(shown.isWellFormed()).toBe(true);
          if (text.length > limit)
            expect(text.startsWith(shown.slice(0, -1)) && shown.endsWith('…')).toBe(true);
          else expect(shown).toBe(text);
        },
      ),
    );
  });
});
