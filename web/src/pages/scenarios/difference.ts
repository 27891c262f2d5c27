// What the second of two runs has more than the first.

/** Null unless both have it. */
export function differenceOf(values: readonly (number | null | undefined)[]): number | null {
  const [first, second] = values;
  return first == null || second == null ? null : second - first;
}
/** The names that are compared after one was chosen or let go: the last two. */
export const chosenAfter = (chosen: readonly string[], name: string): string[] =>
  chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name].slice(-2);
