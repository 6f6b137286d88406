/** For how many days the operator keeps what people made. */
export interface Keeping {
  /** Prompts and addresses of pictures, counted from the end of a task. */
  readonly promptDays: number;
  /** Original results; 0 if none are kept. */
  readonly pictureDays: number;
}
