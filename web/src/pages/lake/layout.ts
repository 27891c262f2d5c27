// Where things stand on the map: ponds by their outlines, sources on the left, plants and outlets on the right, ways from edge to edge.

import type { Base, Pond } from "../../api/client";
import { widthOf } from "../../text/width";

export type Point = [x: number, y: number];

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  shapes: Map<string, Point[]>;
  boxes: Map<string, Box>;
  /** The height of a line of text. */
  size: number;
  viewBox: string;
}

/** Ponds without an outline stand in a row as squares of their area. North is up. */
function outlines(ponds: Pond[]): Map<string, Point[]> {
  const known = new Map<string, Point[]>();
  let x = 0;
  for (const pond of ponds) {
    if (pond.outline_m.length > 2) {
      known.set(pond.id, pond.outline_m.map(([x = 0, y = 0]) => [x, -y]));
      continue;
    }
    const side = Math.sqrt(pond.area_m2);
    known.set(pond.id, [[x, 0], [x + side, 0], [x + side, side], [x, side]]);
    x += side * 1.1;
  }
  return known;
}

export const middle = (corners: Point[]): Point => {
  const sum = corners.reduce<Point>(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  return [sum[0] / corners.length, sum[1] / corners.length];
};

/** Boxes one under the other, as near as can be to where they are wanted. */
function column(wanted: { id: string; y: number }[], x: number, width: number, height: number, top: number, bottom: number): Box[] {
  const sorted = [...wanted].sort((a, b) => a.y - b.y);
  const step = height * 1.4;
  const room = Math.max(bottom - top, step * (sorted.length - 1));
  let last = top - step;
  const ys = sorted.map(({ y }, i) => {
    const latest = top + room - step * (sorted.length - 1 - i);
    last = Math.min(Math.max(y, last + step), latest);
    return last;
  });
  return sorted.map(({ id }, i) => ({ id, x, y: ys[i]!, width, height }));
}

/** Boxes beside each other under the ponds, in as many rows as they need. */
function row(ids: string[], left: number, right: number, width: number, height: number, top: number): Box[] {
  const across = Math.max(1, Math.floor((right - left) / (width * 1.1)));
  return ids.map((id, i) => ({ id, x: left + width / 2 + (i % across) * width * 1.1, y: top + height / 2 + Math.floor(i / across) * height * 1.4, width, height }));
}

export function layout(base: Base): Layout {
  const shapes = outlines(base.ponds);
  const all = [...shapes.values()].flat();
  if (all.length === 0) return { shapes, boxes: new Map(), size: 1, viewBox: "0 0 1 1" };
  const [left, right] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
  const [top, bottom] = [Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([, y]) => y))];
  const size = Math.max((right - left) / 40, (bottom - top) / 34);
  const [width, height] = [9.5 * size, 2.6 * size];
  const wanted = (kind: string) =>
    base.places
      .filter((place) => place.kind === kind)
      .map(({ id }) => {
        const joined = base.links.flatMap((link) => (link.from === id ? [link.to] : link.to === id ? [link.from] : []));
        const ys = joined.flatMap((node) => (shapes.has(node) ? [middle(shapes.get(node)!)[1]] : []));
        return { id, y: ys.length ? ys.reduce((a, b) => a + b) / ys.length : (top + bottom) / 2 };
      });
  const gap = 3 * size;
  const columns = [
    { of: wanted("source"), x: left - gap - width / 2 },
    { of: wanted("plant"), x: right + gap + width / 2 },
    { of: wanted("outlet"), x: right + gap + 1.6 * width + size },
  ].filter(({ of }) => of.length > 0);
  const beside = columns.flatMap(({ of, x }) => column(of, x, width, height, top + height / 2, bottom - height / 2));
  const power = base.places.filter((place) => place.kind === "power" || place.kind === "hall");
  const lowest = Math.max(bottom, ...beside.map((box) => box.y + box.height / 2));
  const boxes = [...beside, ...row(power.map(({ id }) => id), left, right, width, height, lowest + gap / 2)];
  const xs = [left, right, ...boxes.flatMap((box) => [box.x - width / 2, box.x + width / 2])];
  const ys = [top, bottom, ...boxes.flatMap((box) => [box.y - height / 2, box.y + height / 2])];
  const [x0, y0, x1, y1] = [Math.min(...xs) - size, Math.min(...ys) - size, Math.max(...xs) + size, Math.max(...ys) + size];
  return { shapes, boxes: new Map(boxes.map((box) => [box.id, box])), size, viewBox: `${x0} ${y0} ${x1 - x0} ${y1 - y0}` };
}

const corners = ({ x, y, width, height }: Box): Point[] => [
  [x - width / 2, y - height / 2],
  [x + width / 2, y - height / 2],
  [x + width / 2, y + height / 2],
  [x - width / 2, y + height / 2],
];

/** The corners of whatever stands there. */
export function cornersOf({ shapes, boxes }: Layout, id: string): Point[] | undefined {
  const box = boxes.get(id);
  return shapes.get(id) ?? (box && corners(box));
}

/** How far along a line from `a` to `b` it last leaves or first meets an outline, 0 to 1. */
function crossings(a: Point, b: Point, outline: Point[]): number[] {
  return outline.flatMap((p, i) => {
    const q = outline[(i + 1) % outline.length]!;
    const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], q[0] - p[0], q[1] - p[1]];
    const cross = rx * sy - ry * sx;
    if (Math.abs(cross) < 1e-12) return [];
    const t = ((p[0] - a[0]) * sy - (p[1] - a[1]) * sx) / cross;
    const u = ((p[0] - a[0]) * ry - (p[1] - a[1]) * rx) / cross;
    return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? [t] : [];
  });
}

/** A way from the edge of one outline to the edge of the next, reaching a little into both so that short ways are seen. */
export function edgeToEdge(from: Point[], to: Point[], reach: number): [Point, Point] {
  const [a, b] = [middle(from), middle(to)];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const leaves = Math.max(0, ...crossings(a, b, from));
  const meets = Math.min(1, ...crossings(a, b, to));
  const at = (share: number): Point => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  const into = reach / length;
  return [at(Math.max(0.05, leaves - into)), at(Math.min(0.95, meets + into))];
}

/** A text in at most two lines. */
export function lines(said: string, most: number): string[] {
  if (widthOf(said) <= most) return [said];
  const cuts = [...said.matchAll(/\s/g)].map((match) => match.index);
  const places = cuts.length ? cuts : [Math.ceil(said.length / 2)];
  const best = places.reduce((best, cut) => (Math.abs(cut - said.length / 2) < Math.abs(best - said.length / 2) ? cut : best));
  return [said.slice(0, best).trim(), said.slice(best).trim()];
}
