type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const samplePattern =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/u;

/**
 * Reads Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats), strictly, and by code that has nothing
 * to do with the library that wrote it. Throws for a line of any other form, a sample outside of its family, or one that is
 * there twice.
 */
export function readScrape(text: string) {
  const families = new Map<string, Family & { samples: Sample[] }>();
  const seen = new Set<string>();
  let current: (Family & { samples: Sample[] }) | undefined;
  let help: [name: string, text: string] | undefined;
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, helped, words = ''] = /^# HELP (\S+) (.+)$/u.exec(line) ?? [];
    const [, typed, type = ''] = /^# TYPE (\S+) (counter|gauge|histogram)$/u.exec(line) ?? [];
    if (helped !== undefined) {
      help = [helped, words];
    } else if (typed !== undefined) {
      if (help?.[0] !== typed || families.has(typed)) throw new Error(`unexpected: ${line}`);
      current = { name: typed, type, help: help[1], samples: [] };
      families.set(typed, current);
    } else {
      const [, name = '', labelled = '', value = ''] = samplePattern.exec(line) ?? [];
      const suffix = current === undefined ? undefined : name.slice(current.name.length);
      const isOwn = current !== undefined && name.startsWith(current.name);
      const suffixes = current?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!isOwn || !suffixes.includes(suffix ?? '?')) throw new Error(`unexpected: ${line}`);
      const pairs = [...labelled.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/gu)].map(([, key, word]) => [key, word]);
      const key = `${name} ${JSON.stringify(pairs.toSorted())}`;
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      current?.samples.push({ name, labels: Object.fromEntries(pairs), value: toNumber(value) });
    }
  }

  function find(name: string, labels: Labels, suffix = ''): Sample | undefined {
    const full = /^(?:process|nodejs)_/u.test(name) ? name : `midjourney_relay_${name}`;
    return families
      .get(full)
      ?.samples.find(
        (sample) =>
          sample.name === `${full}${suffix}` &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      );
  }

  return {
    families: [...families.values()] as readonly Family[],
    /** The value of a counter or gauge; `undefined` if there's no such series. */
    value: (name: string, labels: Labels = {}) => find(name, labels)?.value,
    /** How many observations a histogram has, and what they add up to. */
    histogram: (name: string, labels: Labels = {}) => ({
      count: find(name, labels, '_count')?.value ?? Number.NaN,
      sum: find(name, labels, '_sum')?.value ?? Number.NaN,
    }),
  };
}

function toNumber(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
