/** What differs between accounts, by the generation of the documents that they follow. */
export interface ApixoHabits {
  /** `seed`: two modes and its own relaxed speed. `current`: apixo.ai, docs/models/image/midjourney. */
  generation: 'seed' | 'current';
  /** JSON inside JSON (docs/api-reference/response-format), or parsed by a gateway. */
  resultJsonAs: 'string' | 'object';
  /** `failCode` of docs/api-reference/error-codes, or of the newer docs/api-reference/errors. */
  failCodes: 'upper' | 'camel';
  /** The envelope of a failure in a callback: the model's page shows 400 "failed", the webhooks' page 200. */
  failureCallback: 'code-400' | 'code-200';
  /** Whether a task with a callback can be looked at; the documents don't say. */
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
