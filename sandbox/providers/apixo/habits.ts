/** What differs between accounts, depending on the generation of the page that each follows. */
export interface ApixoHabits {
  /** `seed`: two modes and a relaxed speed of its own. `current`: apixo.ai, docs/models/image/midjourney. */
  generation: 'seed' | 'current';
  /** JSON inside JSON (docs/api-reference/response-format), or a gateway's version of it. */
  resultJsonAs: 'string' | 'object';
  /** `failCode` of docs/api-reference/error-codes, or of the newer docs/api-reference/errors. */
  failCodes: 'upper' | 'camel';
  /** The outer form of a failure in a callback: the model's page shows 400 "failed", the webhooks' page 200. */
  failureCallback: 'code-400' | 'code-200';
  /** Whether a task with a callback can be asked about: not documented. */
  showsCallbackTasks: boolean;
}

/** The default habits of an account. */
export const plainHabits: ApixoHabits = {
  generation: 'current',
  resultJsonAs: 'string',
  failCodes: 'upper',
  failureCallback: 'code-400',
  showsCallbackTasks: true,
};
