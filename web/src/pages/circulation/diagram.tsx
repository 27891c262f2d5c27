// The Sankey diagram: nodes as bars, flows as ribbons as wide as their amount. A flow can be pointed at or reached by Tab.

import { useEffect, useMemo, useRef, useState } from "react";
import { sankey, sankeyJustify, sankeyLinkHorizontal, type SankeyNode } from "d3-sankey";
import { number, percent, text, unit, useLang } from "../../text/lang";
import { widthOf } from "../../text/width";
import { apart, clear, graphOf, shareOf, type Circulation, type Flow, type Place } from "./graph";
import { w } from "./words";
import "./circulation.css";

const ROW = 34;
const LEAST_WIDTH = 960;
/** Names of tall nodes that stand in a row are written at so many heights, so that none lies on its neighbour's. */
const STEPS = 5;
const STEP = 16;
const TALL = STEPS * STEP + 10;
/** Least distance of two names. */
const LINE = 14;

/** Colour by what a node is; the name beside it says the same. */
const COLOUR: Record<string, string> = {
  pond: "var(--series-1)", plant: "var(--series-3)", stockpile: "var(--series-2)", sky: "var(--series-6)", source: "var(--series-4)",
};
const colour = (kind: string): string => COLOUR[kind] ?? "var(--line-strong)";

/** Width of a letter of a name, pixels. */
const LETTER = 12;

type Drawn = SankeyNode<Place, Flow>;

const nameOf = ({ node, isBack }: Place): string => (isBack ? w.back({ name: text(node.name) }) : text(node.name));
const labelOf = (node: Drawn): string => `${nameOf(node)} ${number(node.value ?? 0, 3)}`;
/** Names stand right of their bars but near the right edge. */
const isNamedRight = (node: Drawn, width: number): boolean => (node.x1 ?? 0) < width - 180;

interface Props {
  circulation: Circulation;
  title: string;
  /** The flow that is looked at, of the server's; -1 for none. */
  chosen: number;
  choose: (link: number) => void;
}

export function Diagram({ circulation, title, chosen, choose }: Props) {
  const lang = useLang();
  const place = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setRoom(Math.floor(entry!.contentRect.width)));
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const width = Math.max(LEAST_WIDTH, room);
  const graph = useMemo(() => graphOf(circulation), [circulation]);
  const laid = useMemo(() => {
    if (graph.flows.length === 0) return null;
    const height = Math.max(260, Math.min(720, (graph.places.length / 2) * ROW));
    const layout = sankey<Place, Flow>().nodeAlign(sankeyJustify).nodeWidth(10).nodePadding(22).extent([[4, 14], [width - 4, height - 8]]);
    return { height, ...layout({ nodes: graph.places.map((one) => ({ ...one })), links: graph.flows.map((one) => ({ ...one })) }) };
  }, [graph, width]);
  // Where names stand: in the middle of their bars, or so much beside it that those of a column do not lie on each other.
  const names = useMemo(() => {
    const at = new Map<string, number>();
    if (!laid) return at;
    const columns = new Map<number, typeof laid.nodes>();
    for (const node of laid.nodes) columns.set(node.depth ?? 0, [...(columns.get(node.depth ?? 0) ?? []), node]);
    for (const [depth, nodes] of columns) {
      const wished = nodes.map(({ y0 = 0, y1 = 0 }) => (y1 - y0 > TALL ? y0 + 12 + (depth % STEPS) * STEP : (y0 + y1) / 2));
      apart(wished, LINE, 8, laid.height - 6).forEach((y, i) => at.set(nodes[i]!.id, y));
    }
    // Names of neighbouring columns reach into each other: what is larger is named first.
    const order = [...laid.nodes].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
    const wished = order.map((node) => {
      const wide = widthOf(labelOf(node)) * LETTER;
      return { left: isNamedRight(node, width) ? (node.x1 ?? 0) + 5 : (node.x0 ?? 0) - 5 - wide, y: at.get(node.id)!, width: wide };
    });
    const found = clear(wished, LINE, 8, laid.height - 6);
    return new Map(order.flatMap((node, i) => (found[i] === null ? [] : [[node.id, found[i]!]])));
    // Names are those of the language.
  }, [laid, width, lang]);
  const path = sankeyLinkHorizontal<Place, Flow>();
  const said = (link: number) => {
    const { from, to, amount } = circulation.links[link]!;
    const names = [from, to].map((at) => text(circulation.nodes[at]!.name));
    return `${names[0]} → ${names[1]}: ${number(amount)} ${unit(circulation.unit)} (${percent(shareOf(circulation.links, link))})`;
  };
  return (
    <div ref={place} className="stack">
      {laid && (
        <div className="scroll">
          <svg className="circulation" width={width} height={laid.height} role="group" aria-label={title}>
            {laid.links.map((flow) => (
              <path
                key={flow.link}
                d={path(flow) ?? ""}
                className={flow.link === chosen ? "flow chosen" : "flow"}
                stroke={colour((flow.source as Place).node.kind)}
                strokeWidth={Math.max(1, flow.width ?? 1)}
                tabIndex={0}
                role="img"
                aria-label={said(flow.link)}
                onMouseEnter={() => choose(flow.link)}
                onFocus={() => choose(flow.link)}
              >
                <title>{said(flow.link)}</title>
              </path>
            ))}
            {laid.nodes.map((node) => (
              <rect key={node.id} x={node.x0} y={node.y0} width={(node.x1 ?? 0) - (node.x0 ?? 0)} height={Math.max(1, (node.y1 ?? 0) - (node.y0 ?? 0))} fill={colour(node.node.kind)}>
                <title>{labelOf(node)}</title>
              </rect>
            ))}
            {laid.nodes.map((node) => {
              const isLeft = isNamedRight(node, width);
              const y = names.get(node.id);
              return (
                y !== undefined && (
                  <text key={node.id} x={isLeft ? (node.x1 ?? 0) + 5 : (node.x0 ?? 0) - 5} y={y} dy="0.35em" textAnchor={isLeft ? "start" : "end"}>
                    {labelOf(node)}
                  </text>
                )
              );
            })}
          </svg>
        </div>
      )}
      <p className="number" role="status">
        {chosen >= 0 && circulation.links[chosen] ? said(chosen) : <span className="faint">{w.hint()}</span>}
      </p>
      {graph.small > 0 && <p className="faint small">{w.small({ count: graph.small })}</p>}
    </div>
  );
}
