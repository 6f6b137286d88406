/** The first second of 2015, from which Discord counts (Discord docs, reference, "Snowflakes"). */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;

export type NextId = () => string;

/** Ids that grow with time and contain it in their upper bits, 19 digits long since 2022. */
export function createSnowflakes(now: () => number): NextId {
  let issued = 0;
  return () => {
    const elapsedMs = BigInt(Math.floor(now())) - DISCORD_EPOCH_MS;
    const increment = BigInt(issued++ & 0x3f_ff_ff);
    return String((elapsedMs << 22n) | increment);
  };
}

/** When the id was made, in milliseconds since 1970. */
export function toTimestamp(snowflake: string): number {
  return Number((BigInt(snowflake) >> 22n) + DISCORD_EPOCH_MS);
}
