/** What differs between accounts, by the generation of the page that each obeys. */
export interface ApixoHabits {
  /** `seed`: two modes and a relaxed speed of its own. `current`: apixo.ai, docs/models/image/midjourney. */
  generation: 'seed' | 'current';
  /** JSON inside of JSON (docs/api-reference/response-format), or what a gateway has made of it. */
  resultJsonAs: 'string' | 'object';
  /** `failCode` of docs/api-reference/error-codes, or of the newer docs/api-reference/errors. */
  failCodes: 'upper' | 'camel';
  /** Outer frame of a failure that is called back: the model's page shows 400 "failed", the webhooks' page 200. */
  failureCallback: 'code-400' | 'code-200';
  /** Whether the state of a task with a callback can be asked for: nowhere said. */
  showsCallbackTasks: boolean;
}

/** What an account is taken to do unless told otherwise. */
export const plainHabits: ApixoHabits = {
  generation: 'current',
  resultJsonAs: 'string',
  failCodes: 'upper',
  failureCallback: 'code-400',
  showsCallbackTasks: true,
};
