/** How gateways and APIs say that an account is empty: `quota_not_enough` (new-api), "Insufficient credits" (apixo.ai). */
const noCredit =
  /quota_not_enough|insufficient[\s_]{1,3}(?:[a-z]{1,12}[\s_]{1,3})?(?:quota|balance|credits?|points?|funds)|not enough (?:credits?|points?|balance|quota)|credits? exhausted|(?:余额|额度|点数|积分)不足/iu;

/** For a full queue, trueai answers code 9 with nothing but these words (SubmitController.cs). */
const fullQueue = /队列已满|queue (?:is )?full/iu;

/**
 * Whether an answer says that our own account is empty. An answer may repeat what was asked, word for word or translated:
 * if the question already says the same, nobody knows whose words they are, and they don't count.
 */
export function saysNoCredit(words: string, asked = ''): boolean {
  return noCredit.test(words) && !noCredit.test(asked);
}

/** Whether an answer says that the queue is full; the same goes for what was asked. */
export function saysFullQueue(words: string, asked = ''): boolean {
  return fullQueue.test(words) && !fullQueue.test(asked);
}
