// What a dispatch comes to, and what that is beside the base case.

import { number, percent } from "../../text/lang";
import { difference, figures, type Dispatch } from "./difference";
import { w } from "./words";

interface Props {
  shown: Dispatch;
  /** The base case, where something is otherwise. */
  base: Dispatch | null;
}

/** A difference in words, with its direction. */
function change(value: number | null, unit: string, digits = 3): string {
  if (value === null) return "";
  if (value === 0) return `＝ ${w.same()}`;
  const said = { value: number(Math.abs(value), digits), unit };
  return value > 0 ? `▲ ${w.more(said)}` : `▼ ${w.less(said)}`;
}

function Figure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="value-of">{value}</dd>
      <dd className="change">{note}</dd>
    </div>
  );
}

export function KeyFigures({ shown, base }: Props) {
  const own = figures(shown);
  const apart = base ? difference(own, figures(base)) : null;
  const annual = shown.matching?.annual_share;
  const { currency } = shown;
  return (
    <dl className="key-figures" aria-label={w.key()}>
      <Figure name={w.cost()} value={`${number(own.cost, 6)} ${currency}`} note={apart ? change(apart.cost, currency, 4) : ""} />
      <Figure name={w.carbon()} value={`${number(own.carbon_t, 4)} t`} note={apart ? change(apart.carbon_t, "t") : ""} />
      <Figure name={w.curtailed()} value={`${number(own.curtailed_mwh, 4)} MWh`} note={apart ? change(apart.curtailed_mwh, "MWh") : ""} />
      <Figure
        name={w.clean()}
        value={own.clean === null ? "–" : percent(own.clean, 3)}
        note={apart ? change(apart.clean === null ? null : 100 * apart.clean, w.points()) : annual != null ? w.annual({ share: percent(annual, 3) }) : ""}
      />
    </dl>
  );
}
