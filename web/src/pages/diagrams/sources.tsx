// The points of a diagram as a table, and the parameters of the model with their sources.

import { number, percent, text } from "../../text/lang";
import { namesOf } from "./drawing";
import { Explained } from "../../parts/explained";
import { isBeyond, ofBrine, ofSolid, rangeOf } from "./explain";
import { formula } from "./formula";
import { sharesAt, type Diagram, type Place } from "./paper";
import { w } from "./words";

export function Points({ diagram }: { diagram: Diagram }) {
  const by = ofBrine(diagram);
  const names = sharesAt(diagram, [0, 0]).map(({ name }) => name);
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={w.points()}>
      <table>
        <thead>
          <tr>
            <th className="number">{w.number()}</th>
            <th>{w.solids()}</th>
            {names.map((name) => (
              <th key={name} className="number">{`${formula(name)} [%]`}</th>
            ))}
            <th className="number">{"a_w"}</th>
            <th className="number">{"ρ [kg/m³]"}</th>
            {diagram.points[0]?.brine.ions.map((ion) => (
              <th key={ion.name} className="number">{`${formula(ion.name)} [mol/kg]`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {diagram.points.map((point, i) => (
            <tr key={i}>
              <td className="number">{i + 1}</td>
              <td className="named">{namesOf(diagram, point.solids)}</td>
              {sharesAt(diagram, point.place as unknown as Place).map(({ name, share }) => (
                <td key={name} className="number">
                  {percent(share, 3)}
                </td>
              ))}
              <td className="number">
                <Explained by={by.activity}>{number(point.brine.water_activity, 4)}</Explained>
              </td>
              <td className="number">
                <Explained by={by.density}>{number(point.brine.density_kg_m3, 4)}</Explained>
              </td>
              {point.brine.ions.map((ion) => (
                <td key={ion.name} className="number">
                  {number(ion.mol_kgw, 4)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Solids({ diagram }: { diagram: Diagram }) {
  return (
    <table>
      <thead>
        <tr>
          <th>{w.solids()}</th>
          <th className="number">{"log10 K"}</th>
          <th>{w.source()}</th>
        </tr>
      </thead>
      <tbody>
        {diagram.solids.map((solid) => (
          <tr key={solid.id}>
            <td>
              <i className={`swatch tint-${solid.tint}`} />
              {text(solid.name)}
              <div className="faint small">{solid.reaction}</div>
            </td>
            <td className="number">
              <Explained by={ofSolid(solid, diagram.temperature_degc)}>{number(solid.log10_k, 4)}</Explained>
            </td>
            <td className="small">
              {solid.origin.source || w.noSource()}
              <span className={isBeyond(solid.origin, diagram.temperature_degc) ? "high" : "faint"}>{` (${rangeOf(solid.origin)})`}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Parameters({ diagram }: { diagram: Diagram }) {
  const beyond = diagram.parameters.filter((one) => isBeyond(one.origin, diagram.temperature_degc)).length;
  const fields = { beyond, all: diagram.parameters.length };
  return (
    <>
      <p className={beyond ? "high" : "faint"}>{beyond ? `▲ ${w.beyond(fields)}` : w.inside(fields)}</p>
      <details>
        <summary>{`${w.model()} (${diagram.parameters.length})`}</summary>
        <div className="scroll" tabIndex={0} role="group" aria-label={w.model()}>
          <table>
            <thead>
              <tr>
                <th>{w.kind()}</th>
                <th>{w.between()}</th>
                <th className="number">{w.value()}</th>
                <th>{w.fitted()}</th>
                <th>{w.source()}</th>
              </tr>
            </thead>
            <tbody>
              {diagram.parameters.map((one) => (
                <tr key={`${one.kind} ${one.species.join(" ")}`}>
                  <td>{one.kind}</td>
                  <td>{one.species.join(" – ")}</td>
                  <td className="number">{number(one.value, 5)}</td>
                  <td className={isBeyond(one.origin, diagram.temperature_degc) ? "high small" : "small"}>{rangeOf(one.origin)}</td>
                  <td className="small">{one.origin.source || w.noSource()}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
