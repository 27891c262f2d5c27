// Moments of steps: texts of local standard time as the plan has them, and instants.

/** Milliseconds since 1970 of a local standard time, `2027-07-02T14:00`, at a place so many hours ahead of UTC. */
export const instant = (moment: string, offsetH: number): number => Date.parse(`${moment}:00Z`) - offsetH * 3_600_000;

/** The day of an instant at such a place. */
export const dayOf = (ms: number, offsetH: number): string => new Date(ms + offsetH * 3_600_000).toISOString().slice(0, 10);

/** A day so many days later. */
export const later = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Steps from the first moment to an instant; may lie outside. */
export const stepsUntil = (ms: number, first: string, offsetH: number, stepMin: number): number => (ms - instant(first, offsetH)) / (stepMin * 60_000);
