// The base on a map: ponds by their outlines, brine's ways between them, and what is no pond around them.

import { useMemo } from "react";
import type { Alarm, Pond } from "../../api/client";
import { priorityLetter, type PriorityName } from "../../parts/priority";
import { usePark } from "../../session";
import { atResolution, number, text, unit } from "../../text/lang";
import { MEASURES, shares, type Measure } from "./measure";
import { stageName } from "./stage";
import { w } from "./words";

interface Props {
  measure: Measure;
  /** Values of the measure by pond; NaN where none is known. */
  values: Map<string, number>;
  /** Flows by link, m³/h. */
  flows: Map<string, number>;
  alarms: Alarm[];
  chosen: string | null;
  onChoose: (pond: string) => void;
}

type Point = [x: number, y: number];

interface Placed {
  id: string;
  at: Point;
  width: number;
  height: number;
}

/** Ponds without an outline stand in a row as squares of their area. */
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

const middle = (corners: Point[]): Point => {
  const sum = corners.reduce<Point>(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  return [sum[0] / corners.length, sum[1] / corners.length];
};

/** Places what is no pond in a row under the ponds, each under the middle of the ponds that it is joined to. */
function useLayout() {
  const { base } = usePark();
  return useMemo(() => {
    const shapes = outlines(base.ponds);
    const all = [...shapes.values()].flat();
    const [left, right] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
    const [top, bottom] = [Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([, y]) => y))];
    const size = Math.max(right - left, 1.6 * (bottom - top)) / 64;
    const joined = (id: string) =>
      base.links.flatMap((link) => (link.from === id ? [link.to] : link.to === id ? [link.from] : [])).flatMap((node) => (shapes.has(node) ? [middle(shapes.get(node)!)[0]] : []));
    const width = 8.6 * size;
    const places: Placed[] = [];
    const wanted = base.places
      .map((place) => ({ place, xs: joined(place.id) }))
      .map(({ place, xs }) => ({ id: place.id, x: xs.length ? xs.reduce((a, b) => a + b) / xs.length : (left + right) / 2 }))
      .sort((a, b) => a.x - b.x);
    const perRow = Math.max(1, Math.floor((right - left + size) / (width + size)));
    const rows = Math.ceil(wanted.length / perRow);
    wanted.forEach(({ id }, i) => {
      // Neighbours go into rows in turn, so that each stands about where its ponds are.
      const [row, column] = [i % rows, Math.floor(i / rows)];
      const columns = Math.ceil(wanted.length / rows);
      const x = left + ((column + 0.5) / columns) * (right - left);
      places.push({ id, at: [x, bottom + (2.6 + 3.4 * row) * size], width, height: 2.4 * size });
    });
    const low = bottom + (2.6 + 3.4 * rows) * size;
    const box = `${left - size} ${top - size} ${right - left + 2 * size} ${low - top + size}`;
    return { shapes, places, size, box };
  }, [base]);
}

export function LakeMap({ measure, values, flows, alarms, chosen, onChoose }: Props) {
  const park = usePark();
  const { base } = park;
  const { shapes, places, size, box } = useLayout();
  const share = shares(base.ponds.map((pond) => values.get(pond.id) ?? Number.NaN));
  const centre = (id: string): Point | undefined => {
    const shape = shapes.get(id);
    return shape ? middle(shape) : places.find((place) => place.id === id)?.at;
  };
  const worst = (pond: string) => {
    const asset = park.assetOf.get(pond);
    return alarms.find((alarm) => park.byId.get(alarm.tag)?.asset === asset)?.priority as PriorityName | undefined;
  };

  return (
    <svg className="lake-map" viewBox={box} role="group" aria-label={w.mapAria({ measure: measure.name() })}>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="5" markerHeight="5" orient="auto-start-reverse">
          <path d="M0 0 8 4 0 8z" fill="context-stroke" />
        </marker>
      </defs>
      {base.ponds.map((pond, i) => {
        const shape = shapes.get(pond.id)!;
        const [x, y] = middle(shape);
        const value = values.get(pond.id) ?? Number.NaN;
        const xs = shape.map(([x]) => x);
        const name = text(pond.name);
        const room = Math.max(...xs) - Math.min(...xs);
        const wide = (said: string) => [...said].reduce((sum, c) => sum + (c > "\u2e80" ? 1.02 : 0.56), 0);
        const letter = Math.min(size * 1.15, room / (wide(name) + 1));
        const isSmall = letter < size * 0.62;
        const tag = measure.tag?.(park, pond);
        const said = tag ? `${Number.isFinite(value) ? atResolution(value, tag.resolution) : "–"} ${unit(tag.unit)}` : stageName(pond.stage);
        const priority = worst(pond.id);
        const label = isSmall ? pond.id : name;
        const fits = Math.min(size * 1.15, room / (Math.max(wide(label), wide(said)) + 1));
        return (
          <g
            key={pond.id}
            role="button"
            tabIndex={0}
            aria-pressed={pond.id === chosen}
            aria-label={`${name}: ${said}`}
            className={`pond stage-${pond.stage.replace(/\W/g, "-")} ${tag ? "measured" : ""} ${pond.id === chosen ? "chosen" : ""}`}
            onClick={() => onChoose(pond.id)}
            onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), onChoose(pond.id))}
          >
            <title>{`${name}: ${said}`}</title>
            <polygon points={shape.map((corner) => corner.join(",")).join(" ")} style={tag && Number.isFinite(share[i]) ? { fillOpacity: 0.15 + 0.85 * share[i]! } : undefined} />
            <text x={x} y={y - fits * 0.15} fontSize={fits} className={(share[i] ?? 0) > 0.62 && tag ? "on-deep" : ""}>
              {label}
            </text>
            <text x={x} y={y + fits * 1.05} fontSize={fits} className={`said ${(share[i] ?? 0) > 0.62 && tag ? "on-deep" : ""}`}>
              {said}
            </text>
            {priority && (
              <g className={`flag ${priority}`} transform={`translate(${Math.min(...xs) + size * 0.9} ${Math.min(...shape.map(([, y]) => y)) + size * 0.9})`}>
                <rect x={-size * 0.7} y={-size * 0.7} width={size * 1.4} height={size * 1.4} rx={size * 0.2} />
                <text y={size * 0.4} fontSize={size * 1.05}>
                  {priorityLetter(priority)}
                </text>
              </g>
            )}
          </g>
        );
      })}
      {places.map(({ id, at: [x, y], width, height }) => {
        const place = base.places.find((place) => place.id === id)!;
        const name = text(place.name);
        const wide = [...name].reduce((sum, c) => sum + (c > "\u2e80" ? 1.02 : 0.56), 0);
        return (
          <g key={id} className={`place ${place.kind}`}>
            <title>{name}</title>
            <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={place.kind === "plant" ? size * 0.2 : height / 2} />
            <text x={x} y={y + size * 0.3} fontSize={Math.min(size * 0.95, width / (wide + 1))}>
              {name}
            </text>
          </g>
        );
      })}
      {base.links.map((link) => {
        const [from, to] = [centre(link.from), centre(link.to)];
        if (!from || !to) return null;
        const flow = flows.get(link.id) ?? Number.NaN;
        const isOn = flow > 0;
        // Between the edges rather than the middles: a third of the way in from either end is enough to be seen.
        const at = (share: number): Point => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
        const [a, b] = [at(0.28), at(0.72)];
        const most = Math.max(...base.links.map((link) => link.capacity_m3_h ?? 0), 1);
        const width = isOn ? 0.08 + 0.34 * Math.sqrt(Math.min(1, flow / most)) : 0.08;
        return (
          <g key={link.id} className={`way-of ${isOn ? "on" : ""}`}>
            <title>{`${link.from} → ${link.to}: ${w.flow({ value: number(flow) })}`}</title>
            <line x1={a[0]} y1={a[1]} x2={b[0]} y2={b[1]} strokeWidth={width * size} markerEnd="url(#arrow)" />
          </g>
        );
      })}
    </svg>
  );
}

/** How the colours are to be read. */
export function Legend({ measure, values }: { measure: Measure; values: Map<string, number> }) {
  const park = usePark();
  const pond = park.base.ponds[0];
  const tag = pond && measure.tag?.(park, pond);
  if (!tag) {
    const stages = [...new Set(park.base.ponds.map((pond) => pond.stage))];
    return (
      <ul className="legend row small faint">
        {stages.map((stage) => (
          <li key={stage} className={`pond stage-${stage.replace(/\W/g, "-")}`}>
            <svg width="14" height="14" aria-hidden="true">
              <rect width="14" height="14" />
            </svg>{" "}
            {stageName(stage)}
          </li>
        ))}
      </ul>
    );
  }
  const known = [...values.values()].filter(Number.isFinite);
  return (
    <div className="legend row small faint">
      <span className="number">{known.length ? `${atResolution(Math.min(...known), tag.resolution)} ${unit(tag.unit)}` : w.low()}</span>
      <span className="ramp" aria-hidden="true" />
      <span className="number">{known.length ? `${atResolution(Math.max(...known), tag.resolution)} ${unit(tag.unit)}` : w.high()}</span>
    </div>
  );
}

export { MEASURES };
