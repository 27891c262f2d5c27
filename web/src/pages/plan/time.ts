// Days as numbers: a plan counts in days, not in moments, so that no zone can move a bar.

const DAY_MS = 86_400_000;

/** Days since 1970 of a day as `2027-04-01`. */
export const dayOf = (text: string): number => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS);

/** The day of a number as `2027-04-01`. */
export const textOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A day so many days later. */
export const later = (text: string, days: number): string => textOf(dayOf(text) + days);

/** The plant's day of a moment, by its hours ahead of UTC. */
export const plantDay = (ms: number, offsetH: number): number => Math.floor((ms + offsetH * 3_600_000) / DAY_MS);

/** A scale from days to pixels: the last day has room as well. */
export interface Scale {
  from: number;
  to: number;
  left: number;
  right: number;
}

export const at = (scale: Scale, day: number): number =>
  scale.left + ((day - scale.from) / Math.max(1, scale.to + 1 - scale.from)) * (scale.right - scale.left);

/** Whole days that a distance in pixels is. */
export const daysOf = (scale: Scale, pixels: number): number =>
  Math.round((pixels / Math.max(1, scale.right - scale.left)) * (scale.to + 1 - scale.from));

/** First days of months on the scale, thinned until each has room. */
export function months(scale: Scale, room = 54): number[] {
  const found: number[] = [];
  const first = new Date(scale.from * DAY_MS);
  for (let k = 0; ; k++) {
    const day = Math.round(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + k, 1) / DAY_MS);
    if (day > scale.to) break;
    if (day >= scale.from) found.push(day);
  }
  const most = Math.max(1, Math.floor((scale.right - scale.left) / room));
  const every = [1, 2, 3, 6, 12].find((step) => found.length / step <= most) ?? 12;
  return found.filter((_, k) => k % every === 0);
}
