// Where units and streams of a flowsheet stand: drawn from the model, nobody places anything by hand.

import { graphlib, layout } from "@dagrejs/dagre";
import type { Schema } from "../../api/client";

export type Plant = Schema["PlantView"];
export type Stream = Schema["PlantStreamView"];
export type Spot = readonly [number, number];

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Laid {
  width: number;
  height: number;
  /** Middles of the units, in the order of the plant. */
  units: Box[];
  /** Where each stream begins or ends outside; null where it does neither. */
  ends: (Box | null)[];
  /** The way of each stream, and where its figure stands. */
  ways: { points: Spot[]; label: Spot }[];
}

const UNIT = { width: 138, height: 50 };
const END = { width: 128, height: 24 };
const LABEL = { width: 46, height: 14 };

export function laidOut(plant: Plant): Laid {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 16, edgesep: 12, marginx: 8, marginy: 8 });
  plant.units.forEach((_, unit) => graph.setNode(`u${unit}`, { ...UNIT }));
  plant.streams.forEach((stream, k) => {
    const outside = stream.from == null || stream.to == null;
    if (outside) graph.setNode(`s${k}`, { ...END });
    const [from, to] = [stream.from == null ? `s${k}` : `u${stream.from}`, stream.to == null ? `s${k}` : `u${stream.to}`];
    // What is recycled is bent back; everything else goes from left to right.
    graph.setEdge(from, to, { ...LABEL, labelpos: "c", weight: stream.is_recycle ? 1 : 3 }, `${k}`);
  });
  layout(graph);
  const box = (id: string): Box => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id) as Partial<Box>;
    return { x, y, width, height };
  };
  const ways = plant.streams.map((stream, k) => {
    const [from, to] = [stream.from == null ? `s${k}` : `u${stream.from}`, stream.to == null ? `s${k}` : `u${stream.to}`];
    const edge = graph.edge(from, to, `${k}`) as { points: { x: number; y: number }[]; x: number; y: number };
    return { points: edge.points.map(({ x, y }) => [x, y] as Spot), label: [edge.x, edge.y] as Spot };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    units: plant.units.map((_, unit) => box(`u${unit}`)),
    ends: plant.streams.map((stream, k) => (stream.from == null || stream.to == null ? box(`s${k}`) : null)),
    ways,
  };
}

/** A smooth way through all its points (Catmull and Rom), as the data of an SVG path. */
export function rounded(points: readonly Spot[]): string {
  const write = ([x, y]: Spot) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const [first, ...rest] = points;
  if (!first || rest.length === 0) return "";
  if (rest.length === 1) return `M${write(first)}L${write(rest[0]!)}`;
  const at = (i: number): Spot => points[Math.min(points.length - 1, Math.max(0, i))]!;
  const arm = (i: number, sign: number): Spot => {
    const [before, here, after] = [at(i - 1), at(i), at(i + 1)];
    // A sixth of the chord leads through; less keeps it from swinging out.
    return [here[0] + (sign * (after[0] - before[0])) / 7, here[1] + (sign * (after[1] - before[1])) / 7];
  };
  return `M${write(first)}${rest.map((point, i) => `C${write(arm(i, 1))} ${write(arm(i + 1, -1))} ${write(point)}`).join("")}`;
}

/** What flows mostly. */
export const kindOf = (stream: Stream): "gas" | "liquid" | "solid" => {
  if (stream.role === "gas") return "gas";
  return stream.liquid_t_h >= stream.mass_t_h / 2 ? "liquid" : "solid";
};
