// The base on a map: ponds by their outlines, brine's ways between them, and what is no pond around them.

import { useMemo } from "react";
import type { Alarm } from "../../api/client";
import type { PriorityName } from "../../parts/priority";
import { usePark } from "../../session";
import { atResolution, NONE, number, text, unit } from "../../text/lang";
import { widthOf } from "../../text/width";
import { Caption } from "./caption";
import { cornersOf, edgeToEdge, layout, lines } from "./layout";
import { ALARMS, now, scaleOf, shares, tagsOf, type Measure } from "./measure";
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

/** Places that are drawn with corners: works, not waters. */
const CORNERED = new Set(["plant", "power", "hall"]);

export function LakeMap({ measure, values, bands, flows, alarms, chosen, onChoose }: Props) {
  const park = usePark();
  const { base } = park;
  const placed = useMemo(() => layout(base), [base]);
  const { shapes, boxes, size, viewBox } = placed;
  const share = shares(base.ponds.map((pond) => values.get(pond.id) ?? Number.NaN));
  const most = Math.max(...base.links.map((link) => link.capacity_m3_h ?? 0), 1);
  const standing = (pond: string) => {
    const asset = park.assetOf.get(pond);
    return alarms.filter((alarm) => park.byId.get(alarm.tag)?.asset === asset);
  };

  /** What a power station gives just now, as its meter tells. */
  const powerOf = (place: string): string => {
    const tag = tagsOf(park, place).find((tag) => tag.quantity === "power" && !tag.writing);
    return tag ? `${atResolution(now(tag), tag.resolution)} ${unit(tag.unit)}` : "";
  };

  const isByAlarm = measure.id === ALARMS;
  const drawn = base.ponds.map((pond, i) => {
    const scale = scaleOf(measure, park, pond);
    const value = values.get(pond.id) ?? Number.NaN;
    const own = standing(pond.id);
    const plain = isByAlarm ? (own.length > 0 ? String(own.length) : NONE) : stageName(pond.stage);
    // The unit stands in the legend.
    const said = scale ? (Number.isFinite(value) ? atResolution(value, scale.resolution) : NONE) : plain;
    const band = bands?.get(pond.id);
    const between = scale && band ? ` (${band.map((end) => atResolution(end, scale.resolution)).join("–")})` : "";
    const spoken = scale ? `${said}${between} ${unit(scale.unit)}` : isByAlarm ? w.alarmsOf({ count: own.length }) : said;
    // Alarms come worst first.
    return { pond, shape: shapes.get(pond.id)!, said, spoken, priority: own[0]?.priority as PriorityName | undefined, isMeasured: scale !== undefined, share: share[i] };
  });

  return (
    <svg className="lake-map" viewBox={viewBox} role="group" aria-label={w.mapAria({ measure: measure.name() })}>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="3.4" markerHeight="3.4" orient="auto-start-reverse">
          <path d="M0 0 8 4 0 8z" fill="context-stroke" />
        </marker>
      </defs>
      {drawn.map(({ pond, shape, spoken, priority, isMeasured, share }) => (
        <g
          key={pond.id}
          role="button"
          tabIndex={0}
          aria-pressed={pond.id === chosen}
          aria-label={`${text(pond.name)}: ${spoken}`}
          className={`pond stage-${pond.stage.replace(/\W/g, "-")} ${isMeasured ? "measured" : ""} ${isByAlarm ? `by-alarm ${priority ?? ""}` : ""} ${pond.id === chosen ? "chosen" : ""}`}
          onClick={() => onChoose(pond.id)}
          onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), onChoose(pond.id))}
        >
          <title>{`${text(pond.name)}: ${spoken}`}</title>
          <polygon points={shape.map((corner) => corner.join(",")).join(" ")} style={isMeasured && Number.isFinite(share) ? { fillOpacity: 0.15 + 0.85 * share! } : undefined} />
        </g>
      ))}
      {base.places.map((place) => {
        const box = boxes.get(place.id);
        if (!box) return null;
        const name = text(place.name);
        const power = powerOf(place.id);
        const rows = [...lines(name, box.width / (size * 0.9)), ...(power ? [power] : [])];
        const letter = Math.min(size * 0.95, box.width / (Math.max(...rows.map(widthOf)) + 1), (0.88 * box.height) / rows.length);
        return (
          <g key={place.id} className={`place ${place.kind}`}>
            <title>{power ? `${name}: ${power}` : name}</title>
            <rect x={box.x - box.width / 2} y={box.y - box.height / 2} width={box.width} height={box.height} rx={CORNERED.has(place.kind) ? size * 0.2 : box.height / 2} />
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
      {drawn.map(({ pond, shape, said, priority }) => (
        <Caption key={pond.id} id={pond.id} name={text(pond.name)} said={said} shape={shape} size={size} priority={priority} />
      ))}
    </svg>
  );
}
