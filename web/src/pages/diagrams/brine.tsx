// The brine at the composition that is asked about, in numbers.

import type { Schema } from "../../api/client";
import { number, percent } from "../../text/lang";
import { Explained } from "../../parts/explained";
import { ofBrine } from "./explain";
import { formula } from "./formula";
import type { Diagram } from "./paper";
import { w } from "./words";

export function OfBrine({ diagram, brine }: { diagram: Diagram; brine: Schema["BrineView"] }) {
  const by = ofBrine(diagram);
  const rows = [
    ["a_w", number(brine.water_activity, 4), by.activity],
    ["φ", number(brine.osmotic_coefficient, 4), by.osmotic],
    ["I [mol/kg]", number(brine.ionic_strength_mol_kgw, 4), by.ionic],
    ["ρ [kg/m³]", number(brine.density_kg_m3, 5), by.density],
  ] as const;
  return (
    <div className="brine-tables">
      <table>
        <thead>
          <tr>
            <th>{w.quantity()}</th>
            <th className="number">{w.value()}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, value, explanation]) => (
            <tr key={name}>
              <td title={explanation.what}>{name}</td>
              <td className="number">
                <Explained by={explanation}>{value}</Explained>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <thead>
          <tr>
            <th>{w.ion()}</th>
            <th className="number">{"mol/kg"}</th>
            <th className="number">{"%"}</th>
            <th className="number">{"g/L"}</th>
          </tr>
        </thead>
        <tbody>
          {brine.ions.map((ion) => (
            <tr key={ion.name}>
              <td>{formula(ion.name)}</td>
              <td className="number">
                <Explained by={{ ...by.molality, what: formula(ion.name) }}>{number(ion.mol_kgw, 4)}</Explained>
              </td>
              <td className="number">
                <Explained by={{ ...by.mass, what: formula(ion.name) }}>{percent(ion.mass_fraction, 3)}</Explained>
              </td>
              <td className="number">{number(ion.kg_m3, 4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
