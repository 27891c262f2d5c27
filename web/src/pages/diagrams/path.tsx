// What a tonne of the brine does: which salts, when, how much.

import type { Schema } from "../../api/client";
import { Segments } from "../../parts/segments";
import { number, percent, text } from "../../text/lang";
import { Explained } from "../../parts/explained";
import { ofBrine, ofSolid } from "./explain";
import type { Diagram, Place } from "./paper";
import { w } from "./words";

export type Path = Schema["BrinePath"];
export type Mode = Schema["PathMode"];

export interface Appearance {
  /** a, b, … */
  letter: string;
  solids: number[];
  step: number;
}

/** Where salts appear for the first time; what is there at once comes first. */
export function appearances(path: Path): Appearance[] {
  const seen = new Set<number>();
  const found: Appearance[] = [];
  for (const [step, { solids_kg: kg }] of path.steps.entries()) {
    const fresh = kg.flatMap((mass, solid) => (mass > 1e-6 && !seen.has(solid) ? [solid] : []));
    if (fresh.length === 0) continue;
    for (const solid of fresh) seen.add(solid);
    found.push({ letter: String.fromCharCode(97 + (found.length % 26)), solids: fresh, step });
  }
  return found;
}

/** Places of the path on the paper. */
export const placesOf = (path: Path): Place[] => path.steps.flatMap((step) => (step.place ? [step.place as unknown as Place] : []));

const WIDTH = 420;
const HEIGHT = 150;

/** Masses of the salts on top of each other, against the water that is left. */
function Masses({ path }: { path: Path }) {
  const most = Math.max(1, ...path.steps.map((step) => step.solids_kg.reduce((a, b) => a + b, 0)));
  const x = (share: number) => 34 + (WIDTH - 40) * (1 - share);
  const y = (kg: number) => HEIGHT - 18 - ((HEIGHT - 26) * kg) / most;
  const upTo = (step: Path["steps"][number], solid: number) => step.solids_kg.slice(0, solid + 1).reduce((a, b) => a + b, 0);
  const area = (solid: number) => {
    const top = path.steps.map((step) => `${x(step.water_share).toFixed(1)} ${y(upTo(step, solid)).toFixed(1)}`);
    const bottom = path.steps.map((step) => `${x(step.water_share).toFixed(1)} ${y(upTo(step, solid - 1)).toFixed(1)}`).reverse();
    return `M${[...top, ...bottom].join("L")}Z`;
  };
  return (
    <svg className="masses" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${w.masses()}. ${w.massesWhy()}`}>
      {path.solids.map((solid, i) => (
        <path key={solid.id} className={`field tint-${solid.tint}`} d={area(i)}>
          <title>{text(solid.name)}</title>
        </path>
      ))}
      {[0, 0.5, 1].map((share) => (
        <text key={share} x={30} y={y(share * most) + 4} textAnchor="end">
          {number(share * most, 2)}
        </text>
      ))}
      {[1, 0.5, 0].map((share) => (
        <text key={share} x={x(share)} y={HEIGHT - 4} textAnchor={share === 1 ? "start" : share === 0 ? "end" : "middle"}>
          {percent(share)}
        </text>
      ))}
      <path className="axis" d={`M34 8V${HEIGHT - 18}H${WIDTH - 6}`} />
    </svg>
  );
}

interface Props {
  diagram: Diagram;
  path: Path;
  mode: Mode;
  setMode: (mode: Mode) => void;
}

export function OfPath({ diagram, path, mode, setMode }: Props) {
  const last = path.steps.at(-1);
  const by = ofBrine(diagram).path;
  return (
    <>
      <div className="row">
        <span className="faint small">{w.mode()}</span>
        <Segments label={w.mode()} choices={[["equilibrium", w.equilibrium()], ["fractional", w.fractional()]] as const} value={mode} onChange={setMode} />
      </div>
      {!last && <p className="faint">{w.dry()}</p>}
      {last && (
        <>
          <Masses path={path} />
          <p className="faint small">{w.massesWhy()}</p>
          <div className="scroll" tabIndex={0} role="group" aria-label={w.path()}>
            <table>
              <thead>
                <tr>
                  <th>{w.appears()}</th>
                  <th className="number">{w.waterLeft()}</th>
                  <th className="number">{"a_w"}</th>
                  <th className="number">{`${w.brineLeft()} [kg]`}</th>
                  <th className="number">{`${w.inTheEnd()} [kg]`}</th>
                </tr>
              </thead>
              <tbody>
                {appearances(path).flatMap(({ letter, solids, step }) =>
                  solids.map((solid, k) => {
                    const at = path.steps[step]!;
                    return (
                      <tr key={path.solids[solid]!.id}>
                        <td className="appears">
                          <b className="letter">{k === 0 ? letter : ""}</b>
                          <i className={`swatch tint-${path.solids[solid]!.tint}`} />
                          <Explained by={ofSolid(path.solids[solid]!, diagram.temperature_degc)}>{text(path.solids[solid]!.name)}</Explained>
                        </td>
                        <td className="number">{step <= (diagram.paper === "line" ? 0 : 1) ? w.atOnce() : percent(at.water_share, 3)}</td>
                        <td className="number">{number(at.water_activity, 3)}</td>
                        <td className="number">{number(at.brine_kg, 4)}</td>
                        <td className="number">
                          <Explained by={by}>{number(last.solids_kg[solid], 4)}</Explained>
                        </td>
                      </tr>
                    );
                  }),
                )}
              </tbody>
            </table>
          </div>
        </>
      )}
    </>
  );
}
