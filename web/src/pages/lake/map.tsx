// The base on a map: ponds by their outlines, brine's ways between them, and what is no pond around them.

import { useMemo } from "react";
import type { Alarm } from "../../api/client";
import { priorityLetter, type PriorityName } from "../../parts/priority";
import { usePark } from "../../session";
import { atResolution, NONE, number, text, unit } from "../../text/lang";
import { cornersOf, edgeToEdge, layout, lines, middle, widthOf } from "./layout";
import { shares, type Measure } from "./measure";
import { stageName } from "./stage";
import { w } from "./words";

interface Props {
  measure: Measure;
  /** Values of the measure by pond; NaN where none is known. */
  values: Map<string, number>;
  /** Bands of values that are foreseen. */
  bands?: Map<string, readonly [number, number]> | undefined;
  /** Flows by link, m³/h. */
  flows: Map<string, number>;
  alarms: Alarm[];
  chosen: string | null;
  onChoose: (pond: string) => void;
}

export function LakeMap({ measure, values, bands, flows, alarms, chosen, onChoose }: Props) {
  const park = usePark();
  const { base } = park;
  const placed = useMemo(() => layout(base), [base]);
  const { shapes, boxes, size, viewBox } = placed;
  const share = shares(base.ponds.map((pond) => values.get(pond.id) ?? Number.NaN));
  const most = Math.max(...base.links.map((link) => link.capacity_m3_h ?? 0), 1);
  const worst = (pond: string) => {
    const asset = park.assetOf.get(pond);
    return alarms.find((alarm) => park.byId.get(alarm.tag)?.asset === asset)?.priority as PriorityName | undefined;
  };

  return (
    <svg className="lake-map" viewBox={viewBox} role="group" aria-label={w.mapAria({ measure: measure.name() })}>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="3.4" markerHeight="3.4" orient="auto-start-reverse">
          <path d="M0 0 8 4 0 8z" fill="context-stroke" />
        </marker>
      </defs>
      {base.ponds.map((pond, i) => {
        const shape = shapes.get(pond.id)!;
        const [x, y] = middle(shape);
        const value = values.get(pond.id) ?? Number.NaN;
        const xs = shape.map(([x]) => x);
        const name = text(pond.name);
        const ys = shape.map(([, y]) => y);
        const room = Math.max(...xs) - Math.min(...xs);
        const high = Math.max(...ys) - Math.min(...ys);
        const letter = Math.min(size * 1.15, room / (widthOf(name) + 1));
        const isSmall = letter < size * 0.62;
        const tag = measure.tag?.(park, pond);
        // The unit stands in the legend.
        const said = tag ? (Number.isFinite(value) ? atResolution(value, tag.resolution) : NONE) : stageName(pond.stage);
        const band = bands?.get(pond.id);
        const between = tag && band ? ` (${band.map((end) => atResolution(end, tag.resolution)).join("–")})` : "";
        const spoken = tag ? `${said}${between} ${unit(tag.unit)}` : said;
        const priority = worst(pond.id);
        const label = isSmall ? pond.id : name;
        const fits = Math.min(size * 1.15, high / 1.3, room / (Math.max(widthOf(label), widthOf(said)) + 1));
        // A pond that is too flat for two lines has its figure on the first, beside its id.
        const isFlat = high < 2.6 * fits;
        return (
          <g
            key={pond.id}
            role="button"
            tabIndex={0}
            aria-pressed={pond.id === chosen}
            aria-label={`${name}: ${spoken}`}
            className={`pond stage-${pond.stage.replace(/\W/g, "-")} ${tag ? "measured" : ""} ${pond.id === chosen ? "chosen" : ""}`}
            onClick={() => onChoose(pond.id)}
            onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), onChoose(pond.id))}
          >
            <title>{`${name}: ${spoken}`}</title>
            <polygon points={shape.map((corner) => corner.join(",")).join(" ")} style={tag && Number.isFinite(share[i]) ? { fillOpacity: 0.15 + 0.85 * share[i]! } : undefined} />
            <text x={x} y={isFlat ? y + fits * 0.35 : Math.min(...ys) + fits * 1.25} fontSize={fits}>
              {isFlat ? `${pond.id} ${said}` : label}
            </text>
            {!isFlat && (
              <text x={x} y={Math.min(...ys) + fits * 2.4} fontSize={fits} className="said">
                {said}
              </text>
            )}
            {priority && (
              <g className={`flag ${priority}`} transform={`translate(${Math.min(...xs) + size * 0.9} ${Math.max(...ys) - size * 0.9})`}>
                <rect x={-size * 0.7} y={-size * 0.7} width={size * 1.4} height={size * 1.4} rx={size * 0.2} />
                <text y={size * 0.4} fontSize={size * 1.05}>
                  {priorityLetter(priority)}
                </text>
              </g>
            )}
          </g>
        );
      })}
      {base.places.map((place) => {
        const box = boxes.get(place.id);
        if (!box) return null;
        const name = text(place.name);
        const rows = lines(name, box.width / (size * 0.9));
        const letter = Math.min(size * 0.95, box.width / (Math.max(...rows.map(widthOf)) + 1));
        return (
          <g key={place.id} className={`place ${place.kind}`}>
            <title>{name}</title>
            <rect x={box.x - box.width / 2} y={box.y - box.height / 2} width={box.width} height={box.height} rx={place.kind === "plant" ? size * 0.2 : box.height / 2} />
            {rows.map((row, i) => (
              <text key={row} x={box.x} y={box.y + letter * (0.35 + 1.1 * (i - (rows.length - 1) / 2))} fontSize={letter}>
                {row}
              </text>
            ))}
          </g>
        );
      })}
      {base.links.map((link) => {
        const [from, to] = [cornersOf(placed, link.from), cornersOf(placed, link.to)];
        if (!from || !to) return null;
        const flow = flows.get(link.id) ?? Number.NaN;
        const isOn = flow > 0;
        const [a, b] = edgeToEdge(from, to, size * 0.8);
        const width = isOn ? 0.12 + 0.3 * Math.sqrt(Math.min(1, flow / most)) : 0.08;
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
