// From the server's nodes and flows to a graph without rings, as a Sankey diagram needs it: of a ring the smallest flow is led to
// a node of its own. What comes from or goes to the world around (the sky, a lake) is drawn apart; what goes back within the base
// ends in a node that says where it goes back to.

import type { Schema } from "../../api/client";

export type Circulation = Schema["CirculationView"];
type Node = Circulation["nodes"][number];

export interface Place {
  id: string;
  node: Node;
  /** Whether it only stands for flows that go back to the node. */
  isBack: boolean;
}

export interface Flow {
  source: number;
  target: number;
  value: number;
  /** Place of the flow among those of the server. */
  link: number;
}

export interface Graph {
  places: Place[];
  flows: Flow[];
  /** Flows that are too small to draw. */
  small: number;
}

/** Flows below this share of the largest are not drawn. */
const SHARE_LEAST = 1e-3;
const AROUND = new Set(["source", "sky", "ground", "market", "utility"]);

/** Whether a way leads from a place to another. */
function leads(flows: Flow[], from: number, to: number): boolean {
  const seen = new Set<number>([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const flow of flows) {
      if (flow.source === at && !seen.has(flow.target)) {
        seen.add(flow.target);
        open.push(flow.target);
      }
    }
  }
  return false;
}

export function graphOf({ nodes, links }: Pick<Circulation, "nodes" | "links">): Graph {
  const places: Place[] = nodes.map((node) => ({ id: node.id, node, isBack: false }));
  const flows: Flow[] = [];
  const largest = Math.max(0, ...links.map((link) => link.amount));
  const order = links.map((link, i) => ({ ...link, i })).sort((a, b) => b.amount - a.amount);
  const drawn = order.filter((link) => link.amount >= SHARE_LEAST * largest);
  const apart = (of: number, isBack: boolean): number => {
    const id = `${isBack ? "back" : "again"} ${nodes[of]!.id}`;
    const known = places.findIndex((place) => place.id === id);
    return known >= 0 ? known : places.push({ id, node: nodes[of]!, isBack }) - 1;
  };
  for (const { from, to, amount, i } of drawn) {
    const isRing = leads(flows, to, from);
    const isFromAround = AROUND.has(nodes[from]!.kind);
    const source = isRing && isFromAround ? apart(from, false) : from;
    const target = isRing && !isFromAround ? apart(to, true) : to;
    flows.push({ source, target, value: amount, link: i });
  }
  // Places that nothing passes any more would float about.
  const used = [...places.keys()].filter((at) => flows.some((flow) => flow.source === at || flow.target === at));
  const now = new Map(used.map((at, i) => [at, i]));
  return {
    places: used.map((at) => places[at]!),
    flows: flows.map((flow) => ({ ...flow, source: now.get(flow.source)!, target: now.get(flow.target)! })),
    small: links.length - drawn.length,
  };
}

/** Share of what leaves a flow's node that the flow is. */
export function shareOf(links: Circulation["links"], at: number): number {
  const link = links[at]!;
  const all = links.filter((other) => other.from === link.from).reduce((sum, other) => sum + other.amount, 0);
  return all > 0 ? link.amount / all : 0;
}

/** A name on the picture: where it stands and how wide it is. */
export interface Label {
  left: number;
  y: number;
  width: number;
}

/** How far a name may be moved from where it is wished, in lines. */
const AWAY = [0, 1, -1, 2, -2];

/** Heights of names of which none lies on another, the first ones first, each as near to its wish as can be; `null` where there is no room. */
export function clear(labels: readonly Label[], line: number, top: number, bottom: number): (number | null)[] {
  const taken: Label[] = [];
  return labels.map((label) => {
    const isFree = (y: number) => y >= top && y <= bottom && !taken.some((other) => Math.abs(other.y - y) < line && other.left < label.left + label.width && label.left < other.left + other.width);
    const found = AWAY.map((lines) => label.y + lines * line).find(isFree);
    if (found === undefined) return null;
    taken.push({ ...label, y: found });
    return found;
  });
}

/** Heights moved apart until none is nearer to the next than `least`, each as near to where it was as that allows, in the order given by height. */
export function apart(heights: readonly number[], least: number, top: number, bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = [...heights];
  let floor = top;
  for (const i of order) {
    placed[i] = Math.max(placed[i]!, floor);
    floor = placed[i]! + least;
  }
  // What was pushed over the edge is pushed back, and pushes what is before it.
  let ceiling = bottom;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i]!, ceiling);
    ceiling = placed[i]! - least;
  }
  return placed;
}
