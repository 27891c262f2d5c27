// What a plan is worth and makes, beside what the base's own rules would; or why there is none.

import type { Schema } from "../../api/client";
import { seriesOf } from "../../api/runs";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { NONE, number, percent, text } from "../../text/lang";
import type { Plan } from "./gantt";
import { productBands } from "./series";
import { isByRules, Turns } from "./turns";
import { w } from "./words";

const money = (plan: Plan, value: number | null | undefined): string => w.million({ value: number(value == null ? null : value / 1e6), currency: plan.currency });

function Causes({ causes }: { causes: Plan["conflict"] }) {
  return (
    <ul className="stack">
      {causes.map((cause) => (
        <li key={cause.text.en}>{text(cause.text)}</li>
      ))}
    </ul>
  );
}

/** Why contracts and grades cannot all be kept. */
export function Impossible({ plan }: { plan: Plan }) {
  return (
    <Panel title={w.infeasible()}>
      <Causes causes={plan.conflict} />
      {plan.relaxation.length > 0 && (
        <>
          <h3>{w.relax()}</h3>
          <Causes causes={plan.relaxation} />
        </>
      )}
    </Panel>
  );
}

export function Head({ plan, many }: { plan: Plan; many: Schema["RunView"] | undefined }) {
  const name = many?.name ?? "";
  const frame = "product_bands";
  const asked = useAsked(async () => (name ? seriesOf(name, frame) : null), [name]);
  const bands = asked.data ? productBands(asked.data) : null;
  const band = (product: string): string => {
    const found = bands?.get(product);
    return found ? `${number(found.p10)} – ${number(found.p90)}` : NONE;
  };
  return (
    <Panel title={w.worth()}>
      <p>
        <b className="number">{money(plan, plan.worth)}</b> <span className="faint small">{w.byRules({ worth: money(plan, plan.by_rules) })}</span>
      </p>
      {isByRules(plan) && <p className="faint small">{w.rulesRemain()}</p>}
      <div className="scroll">
        <table className="fit">
          <thead>
            <tr>
              <th>{w.product()}</th>
              <th className="number">{`${w.simulated()}, t`}</th>
              {bands && <th className="number">{w.band({ count: many?.weathers ?? 0 })}</th>}
              <th className="number wide">{`${w.rules()}, t`}</th>
              <th className="number wide">{w.programme()}</th>
            </tr>
          </thead>
          <tbody>
            {plan.products.map((product) => (
              <tr key={product.name}>
                <td>{product.name}</td>
                <td className="number">{number(product.simulated_t)}</td>
                {bands && <td className="number">{band(product.name)}</td>}
                <td className="number wide">{number(product.by_rules_t)}</td>
                <td className="number wide faint">{product.gap == null ? NONE : percent(product.gap)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Turns plan={plan} />
    </Panel>
  );
}
