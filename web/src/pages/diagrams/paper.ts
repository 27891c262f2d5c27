// Where a brine lies on the paper, in shares and in pixels.

import type { Schema } from "../../api/client";

export type Diagram = Schema["DiagramView"];
export type Place = readonly [number, number];
export interface Sheet {
  width: number;
  height: number;
  /** Pixels of a place. */
  at: (place: Place) => Place;
  /** The place of pixels, moved onto the paper where it lies beside it. */
  from: (pixel: Place) => Place;
  /** Pixels of the border, in order. */
  border: Place[];
  /** Mass fraction at the end of both axes of two salts in water; 1 elsewhere. */
  most: number;
}

const SIDE = 560;
const LEFT = 46;
const TOP = 30;
const RISE = Math.sqrt(3) / 2;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Least share of an ion that may be asked for: at a border a system is another one. */
const LEAST = 0;

function ontoTriangle([x, y]: Place): Place {
  const [a, b] = [clamp(x, LEAST, 1), clamp(y, LEAST, 1)];
  const over = a + b - 1;
  return over > 0 ? [clamp(a - over / 2, 0, 1), clamp(b - over / 2, 0, 1)] : [a, b];
}

/** End of both axes of two salts in water: what the curves need, with room for mixtures of salt and brine. */
function mostOf(diagram: Diagram): number {
  const all = diagram.curves.flatMap((curve) => curve.points.flat());
  return Math.min(1, Math.ceil(Math.max(0.1, ...all) * 11.5) / 10);
}

/** Of a triangle the third corner stands on top, as people draw it. */
export function sheetOf(diagram: Diagram): Sheet {
  if (diagram.paper === "triangle") {
    const at = ([x, y]: Place): Place => [LEFT + SIDE * (x + y / 2), TOP + SIDE * RISE * (1 - y)];
    const from = ([px, py]: Place): Place => {
      const y = 1 - (py - TOP) / (SIDE * RISE);
      return ontoTriangle([(px - LEFT) / SIDE - y / 2, y]);
    };
    return { width: SIDE + 2 * LEFT, height: SIDE * RISE + 2 * TOP + 20, at, from, border: [at([0, 0]), at([1, 0]), at([0, 1])], most: 1 };
  }
  const most = diagram.paper === "line" ? mostOf(diagram) : 1;
  const at = ([x, y]: Place): Place => [LEFT + 20 + (SIDE * x) / most, TOP + SIDE * (1 - y / most)];
  const from = ([px, py]: Place): Place => {
    const place: Place = [clamp((most * (px - LEFT - 20)) / SIDE, 0, most), clamp(most * (1 - (py - TOP) / SIDE), 0, most)];
    // Mass fractions leave some room for water.
    return diagram.paper === "line" ? (([x, y]) => (x + y > 0.97 ? ([(0.97 * x) / (x + y), (0.97 * y) / (x + y)] as Place) : [x, y]))(place) : place;
  };
  return { width: SIDE + 2 * LEFT + 20, height: SIDE + 2 * TOP + 26, at, from, border: [at([0, 0]), at([most, 0]), at([most, most]), at([0, most])], most };
}

/** Shares of the counted ions at a place of a triangle or square; mass fractions of two salts. */
export function sharesAt(diagram: Diagram, [x, y]: Place): { name: string; share: number }[] {
  const names = diagram.counted.map((ion) => ion.pair);
  if (diagram.paper === "line") return diagram.corners.map((name, i) => ({ name, share: i ? y : x }));
  const shares = diagram.paper === "triangle" ? [1 - x - y, x, y] : [1 - x, x, 1 - y, y];
  return names.map((name, i) => ({ name, share: shares[i]! }));
}

/** The place of a brine by what it holds, kg of each ion in any volume; null where it holds nothing that counts. */
export function placeOf(diagram: Diagram, kg: (ion: string) => number): Place | null {
  if (diagram.paper === "line") return null;
  // Pairs of charges: K2 carries two, Mg carries two.
  const pairs = diagram.counted.map((ion) => ((kg(ion.name) / ion.molar_mass_kg_mol) * Math.abs(ion.charge)) / 2);
  const [a = 0, b = 0, c = 0, d = 0] = pairs;
  const place: Place = diagram.paper === "triangle" ? [b / (a + b + c), c / (a + b + c)] : [b / (a + b), d / (c + d)];
  return place.every(Number.isFinite) ? place : null;
}

/** Pixels as the data of an SVG path. */
export function pathData(pixels: readonly Place[], isClosed: boolean): string {
  const points = pixels.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  return points.length ? `M${points.join("L")}${isClosed ? "Z" : ""}` : "";
}

/** The middle of a line by its length, and which way it goes there. */
export function middleOf(pixels: readonly Place[]): { at: Place; towards: number; length: number } | null {
  const parts = pixels.slice(1).map((point, i) => Math.hypot(point[0] - pixels[i]![0], point[1] - pixels[i]![1]));
  const length = parts.reduce((a, b) => a + b, 0);
  let gone = 0;
  for (const [i, part] of parts.entries()) {
    if (part > 0 && gone + part >= length / 2) {
      const [a, b] = [pixels[i]!, pixels[i + 1]!];
      const share = (length / 2 - gone) / part;
      return { at: [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])], towards: (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI, length };
    }
    gone += part;
  }
  return null;
}
