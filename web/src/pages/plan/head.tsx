// What a plan is worth and makes, beside what the base's own rules would; or why there is none.

import { Panel } from "../../parts/panel";
import { number, percent, text } from "../../text/lang";
import type { Plan } from "./gantt";
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

export function Head({ plan }: { plan: Plan }) {
  return (
    <Panel title={w.worth()}>
      <p>
        <b className="number">{money(plan, plan.worth)}</b> <span className="faint small">{w.byRules({ worth: money(plan, plan.by_rules) })}</span>
      </p>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>{w.product()}</th>
              <th className="number">{`${w.simulated()}, t`}</th>
              <th className="number">{`${w.rules()}, t`}</th>
              <th className="number wide">{w.programme()}</th>
            </tr>
          </thead>
          <tbody>
            {plan.products.map((product) => (
              <tr key={product.name}>
                <td>{product.name}</td>
                <td className="number">{number(product.simulated_t)}</td>
                <td className="number">{number(product.by_rules_t)}</td>
                <td className="number wide faint">{product.gap == null ? "–" : percent(product.gap)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
