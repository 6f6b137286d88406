/** One thing wrong with a request. */
export interface Problem {
  /** Keys and indexes from the body's root, e.g. `['components', 0, 'label']`. */
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
  /**
   * `false` if Discord accepts it and we don't: the request is recorded as a violation and then served.
   * Everything else is answered with 400 and code 50035.
   */
  readonly refused: boolean;
}

type Path = readonly (string | number)[];

/** A mistake that Discord answers with 400. */
export function refusedBecause(path: Path, code: string, message: string): Problem {
  return { path, code, message, refused: true };
}

/** A mistake that Discord would silently accept. */
export function unwise(path: Path, message: string): Problem {
  return { path, code: 'SANDBOX_RULE', message, refused: false };
}

export function tooLong(path: Path, length: number, limit: number): Problem {
  return refusedBecause(path, 'BASE_TYPE_BAD_LENGTH', `Must be ${limit} or fewer in length (is ${length}).`);
}

export function missing(path: Path): Problem {
  return refusedBecause(path, 'BASE_TYPE_REQUIRED', 'This field is required');
}

export function describeProblem(problem: Problem): string {
  const where = problem.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return `${where.replace(/^\./, '') || 'body'}: ${problem.message}`;
}

/** Discord nests messages under the body's keys (Discord docs, reference, "Error Messages"). */
export function toErrorTree(problems: readonly Problem[]): object {
  interface Branch {
    [key: string]: Branch | { code: string; message: string }[];
  }
  const root: Branch = {};
  for (const { path, code, message } of problems) {
    let branch = root;
    for (const key of path) {
      const next = branch[key];
      const child = next === undefined || Array.isArray(next) ? {} : next;
      branch[key] = child;
      branch = child;
    }
    const messages = branch['_errors'];
    branch['_errors'] = [...(Array.isArray(messages) ? messages : []), { code, message }];
  }
  return root;
}
