// The inventory wedge: how many months of feed stand ahead of the harvest, by stage, and how sure that is over weather.

import { useState } from "react";
import type { Schema } from "../../api/client";
import { seriesOf } from "../../api/runs";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { number } from "../../text/lang";
import { stageName } from "../lake/stage";
import { Axis, scaleOf } from "./axis";
import { aheadOf, ALL, bandsOf, type Band } from "./series";
import { at, textOf, type Scale } from "./time";
import { LEAST, useWidth } from "./width";
import { w } from "./words";

const TOP = 18;
const HIGH = 190;

/** About five round figures up to the most. */
function ticks(most: number): number[] {
  const raw = most / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((step) => step >= raw) ?? raw;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
}

function Drawing({ bands, stage, scale, today }: { bands: Map<string, Band[]>; stage: string; scale: Scale; today: number }) {
  const shown = bands.get(stage) ?? [];
  const most = Math.max(...shown.map((band) => band.p90), 1e-9) * 1.08;
  const bottom = TOP + HIGH;
  const y = (months: number) => bottom - (Math.max(0, months) / most) * HIGH;
  // A value is that of the evening of its day.
  const x = (band: Band) => Math.max(scale.left, at(scale, band.day + 1));
  const path = (points: [number, number][]) => points.map(([px, py], k) => `${k ? "L" : "M"}${px} ${py}`).join("");
  const along = (of: "p10" | "p50" | "p90") => shown.map((band): [number, number] => [x(band), y(band[of])]);
  const stages = [...bands.keys()].filter((name) => name !== ALL);
  // Medians of stages, the one nearest the harvest at the bottom: the end of the chain is what is used first.
  let base = shown.map(() => 0);
  const layers = [...stages].reverse().map((name) => {
    const lower = base;
    base = base.map((sum, k) => sum + (bands.get(name)?.[k]?.p50 ?? 0));
    const top = base.map((sum, k): [number, number] => [x(shown[k]!), y(sum)]);
    const under = lower.map((sum, k): [number, number] => [x(shown[k]!), y(sum)]);
    const last = shown.length - 1;
    return { name, d: `${path([...top, ...under.reverse()])}Z`, label: last < 0 ? 0 : (lower[last]! + base[last]!) / 2, high: last < 0 ? 0 : base[last]! - lower[last]! };
  });
  return (
    <svg className="gantt wedge" width={scale.right + 8} height={bottom + 20} role="img" aria-label={w.wedge()}>
      {ticks(most).map((months) => (
        <g key={months} className="axis">
          <line x1={scale.left} x2={scale.right} y1={y(months)} y2={y(months)} />
          <text x={scale.left - 6} y={y(months) + 4} textAnchor="end">
            {`${number(months)} ${w.months()}`}
          </text>
        </g>
      ))}
      {stage === ALL && layers.map((layer, k) => <path key={layer.name} className={`layer layer-${k % 4}`} d={layer.d} />)}
      <path className="band" d={`${path([...along("p90"), ...along("p10").reverse()])}Z`} />
      <path className="median" d={path(along("p50"))} />
      {stage === ALL &&
        layers
          .filter((layer) => (layer.high / most) * HIGH > 13)
          .map((layer) => (
            <text key={layer.name} className="said" x={scale.right - 4} y={y(layer.label) + 4} textAnchor="end">
              {stageName(layer.name)}
            </text>
          ))}
      <Axis scale={scale} top={TOP} bottom={bottom} today={today} />
    </svg>
  );
}

function Table({ bands }: { bands: Map<string, Band[]> }) {
  const rows = [...bands].flatMap(([stage, all]) => all.map((band) => ({ stage, band })));
  return (
    <details>
      <summary className="small">{w.asTable()}</summary>
      <div className="scroll" style={{ maxHeight: "40vh" }} tabIndex={0} role="group" aria-label={w.wedge()}>
        <table>
          <thead>
            <tr>
              <th>{w.stage()}</th>
              <th className="number">{w.day()}</th>
              <th className="number">{"P10"}</th>
              <th className="number">{w.median()}</th>
              <th className="number">{"P90"}</th>
              <th>{w.unit()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ stage, band }) => (
              <tr key={`${stage} ${band.day}`}>
                <td>{stage === ALL ? w.allStages() : stageName(stage)}</td>
                <td className="number">{textOf(band.day)}</td>
                <td className="number">{number(band.p10, 3)}</td>
                <td className="number">{number(band.p50, 3)}</td>
                <td className="number">{number(band.p90, 3)}</td>
                <td className="faint">{w.months()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

interface Props {
  run: string;
  /** A simulation of the same plan through many weathers, if there is one. */
  many: Schema["RunView"] | undefined;
  from: number;
  to: number;
  today: number;
  /** Begins one; none where that cannot be done. */
  draw: (() => void) | null;
}

export function Wedge({ run, many, from, to, today, draw }: Props) {
  const [place, width] = useWidth(LEAST);
  const [chosen, choose] = useState(ALL);
  const [name, frame] = many ? [many.name, "months_ahead_bands"] : [run, "months_ahead"];
  const asked = useAsked(() => seriesOf(name, frame), [name, frame]);
  const bands = !asked.data ? null : many ? bandsOf(asked.data) : aheadOf(asked.data);
  const stages = bands ? [...bands.keys()] : [];
  const stage = stages.includes(chosen) ? chosen : ALL;
  const scale = scaleOf(from, to, width);
  const names = [ALL, ...stages.filter((one) => one !== ALL)].map((one) => [one, one === ALL ? w.allStages() : stageName(one)] as const);
  return (
    <Panel title={w.wedge()} aside={stages.length > 2 ? <Segments label={w.stage()} choices={names} value={stage} onChange={choose} /> : undefined}>
      <p className="faint small">{many ? w.bandOf({ count: many.weathers ?? 0, run: many.name }) : w.oneWeather()}</p>
      {many?.synthetic && <p className="faint small">{w.bandNarrow()}</p>}
      {!many && draw && (
        <div className="row">
          <button type="button" onClick={draw}>
            {w.drawBands()}
          </button>
        </div>
      )}
      <Problem error={asked.error} again={asked.again} />
      {bands && stages.length === 0 && <p className="faint">{w.noWedge()}</p>}
      <div ref={place} className="scroll" tabIndex={0} role="group" aria-label={w.wedge()}>
        {bands && stages.length > 0 && <Drawing bands={bands} stage={stage} scale={scale} today={today} />}
      </div>
      {bands && stages.length > 0 && <Table bands={bands} />}
    </Panel>
  );
}
