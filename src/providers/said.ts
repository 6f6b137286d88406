/** How gateways and APIs say that an account is empty: `quota_not_enough` (new-api), "Insufficient credits" (apixo.ai). */
const noCredit =
  /quota_not_enough|insufficient[\s_]{1,3}(?:[a-z]{1,12}[\s_]{1,3})?(?:quota|balance|credits?|points?|funds)|not enough (?:credits?|points?|balance|quota)|credits? exhausted|(?:余额|额度|点数|积分)不足/iu;

/** For a full queue, trueai answers code 9 with nothing but these words (SubmitController.cs). */
const fullQueue = /队列已满|queue (?:is )?full/iu;

/**
 * How midjourney-proxies and gateways say that they have no account at Midjourney to work with: `无可用的账号实例`,
 * `账号不可用: …` (TaskServiceImpl.java, TaskService.cs), "Account unavailable" (4allapi), "No available account instance"
 * (new-api).
 */
const noAccount =
  /(?:无可用的?|没有可用的?)(?:账号|账户|帐号)|(?:账号|账户|帐号)(?:实例)?不可用|no (?:available|usable) accounts?|accounts? (?:is |are |instance )?(?:unavailable|not available)/iu;

/** Whether an answer says that the API has no account at Midjourney for this; the same goes for what was asked. */
export function saysNoAccount(words: string, asked = ''): boolean {
  return noAccount.test(words) && !noAccount.test(asked);
}

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
