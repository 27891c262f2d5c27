// The figures of the diagram as tables.

import { list, number, percent, text, unit } from "../../text/lang";
import { shareOf, type Circulation } from "./graph";
import { w } from "./words";

const ROUNDING = 1e-12;

interface Props {
  circulation: Circulation;
  chosen: number;
}

export function Flows({ circulation, chosen }: Props) {
  const { nodes, links } = circulation;
  const name = (at: number) => text(nodes[at]!.name);
  return (
    <div className="scroll" style={{ maxHeight: "60vh" }} tabIndex={0} role="group" aria-label={w.table()}>
      <table>
        <thead>
          <tr>
            <th>{w.flowFrom()}</th>
            <th>{w.flowTo()}</th>
            <th className="number">{`${w.amount()} [${unit(circulation.unit)}]`}</th>
            <th className="number">{w.share()}</th>
            <th className="wide">{w.streams()}</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link, i) => (
            <tr key={`${link.from} ${link.to}`} className={i === chosen ? "marked" : ""}>
              <td>{name(link.from)}</td>
              <td>{name(link.to)}</td>
              <td className="number">{number(link.amount)}</td>
              <td className="number">{percent(shareOf(links, i))}</td>
              <td className="wide faint small">{list(link.streams)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Stocks({ circulation }: { circulation: Circulation }) {
  const most = Math.max(0, ...circulation.nodes.map((node) => Math.abs(node.stock_change ?? 0)));
  // What is left over by rounding is no stock.
  const held = circulation.nodes.filter((node) => Math.abs(node.stock_change ?? 0) > most * ROUNDING);
  return (
    <table>
      <thead>
        <tr>
          <th>{w.node()}</th>
          <th className="number">{`${w.change()} [${unit(circulation.unit)}]`}</th>
        </tr>
      </thead>
      <tbody>
        {held.map((node) => (
          <tr key={node.id}>
            <td>{text(node.name)}</td>
            <td className="number">{number(node.stock_change)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
