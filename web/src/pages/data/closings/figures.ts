// What the ids of figures say, and which of them are shown.

import type { Schema } from "../../../api/client";

export type Figure = Schema["ClosedView"];

export interface Said {
  /** The tag, pond or stream that it is of; empty for the period itself. */
  of: string;
  quantity: string;
  /** An element, an enterprise, a day. */
  member: string;
}

/** Takes `c1.inflow[K]` apart. */
export function said(id: string): Said {
  const [plain = "", member = ""] = id.replace(/\]$/, "").split("[", 2);
  const dot = plain.lastIndexOf(".");
  return { of: dot < 0 ? "" : plain.slice(0, dot), quantity: plain.slice(dot + 1), member };
}

/** Whether a figure is not what was planned, or not what it was. */
export const hasMoved = (figure: Figure): boolean => (figure.difference ?? 0) !== 0 || figure.now != null || figure.restatements.length > 0;

/** Figures with all words in their id or name; those of the period itself first. */
export function shown(figures: readonly Figure[], wanted: string, onlyMoved: boolean, name: (id: string) => string): Figure[] {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (figure: Figure) => {
    const text = `${figure.id} ${name(figure.id)}`.toLowerCase();
    return (!onlyMoved || hasMoved(figure)) && parts.every((part) => text.includes(part));
  };
  const own = (figure: Figure) => (said(figure.id).of === "" ? 0 : 1);
  return figures.filter(fits).sort((a, b) => own(a) - own(b));
}

/** Figures of a locked closing that would be others now. */
export const changed = (figures: readonly Figure[]): Figure[] => figures.filter((figure) => figure.now != null);

/** How a period is read: `2027-06-01T0800` is the shift of a day that begins at eight. */
export const periodOf = (id: string): string => id.replace(/T(\d\d)(\d\d)$/, " $1:$2");
