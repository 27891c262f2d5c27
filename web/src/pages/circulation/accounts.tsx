// The accounts of the same days: recovery of the element that is looked at, indicators, what plants used, carbon, grades.

import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { Explained } from "../../parts/explained";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { list, number, percent, text, unit } from "../../text/lang";
import { w } from "./words";

type Accounts = Schema["AccountsView"];
type Way = Accounts["ways"][number];
type Indicator = Accounts["indicators"][number];

const share = (percents: number | null | undefined): string => (percents == null ? number(null) : percent(percents / 100, 3));

function Recovery({ way }: { way: Way }) {
  const end = way.stages[way.stages.length - 1];
  return (
    <Panel title={w.recovery({ element: way.element })}>
      <div className="scroll" tabIndex={0} role="group" aria-label={w.recovery({ element: way.element })}>
        <table>
          <thead>
            <tr>
              <th>{w.stage()}</th>
              <th className="number">{w.received()}</th>
              <th className="number">{w.onward()}</th>
              <th className="number">{w.elsewhere()}</th>
              <th className="number">{w.stayed()}</th>
              <th className="number">{w.recovered()}</th>
              <th className="number">{w.ofThroughput()}</th>
            </tr>
          </thead>
          <tbody>
            {way.stages.slice(0, -1).map((stage) => (
              <tr key={stage.name.en}>
                <td className="named">{text(stage.name)}</td>
                <td className="number">{number(stage.received_t)}</td>
                <td className="number">{number(stage.onward_t)}</td>
                <td className="number">{number(stage.elsewhere_t)}</td>
                <td className="number">{number(stage.stayed_t)}</td>
                <td className="number">{share(stage.recovery_percent)}</td>
                <td className="number">{share(stage.of_throughput_percent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {end && way.overall_percent != null && <p>{w.overall({ share: share(way.overall_percent), drawn: number(way.drawn_t), end: text(end.name) })}</p>}
    </Panel>
  );
}

const nameOf = (one: Indicator): string => (one.member ? `${text(one.name)} (${one.member})` : text(one.name));

function Indicators({ indicators }: { indicators: Indicator[] }) {
  const [known, without] = [indicators.filter((one) => one.value != null), indicators.filter((one) => one.value == null)];
  const isAsked = known.some((one) => one.at_least != null || one.at_most != null);
  const asked = (one: Indicator) => (one.at_least != null ? w.atLeast({ value: number(one.at_least) }) : one.at_most != null ? w.atMost({ value: number(one.at_most) }) : "");
  const met = (one: Indicator) => (one.meets == null ? "" : ` · ${one.meets ? w.meets() : w.fails()}`);
  return (
    <Panel title={w.indicators()}>
      <table>
        <thead>
          <tr>
            <th>{w.indicator()}</th>
            <th className="number">{w.value()}</th>
            {isAsked && <th>{w.asked()}</th>}
          </tr>
        </thead>
        <tbody>
          {known.map((one) => (
            <tr key={`${one.id} ${one.member ?? ""}`}>
              <td>{nameOf(one)}</td>
              <td className="number">
                <Explained by={{ what: nameOf(one), equation: one.definition, unit: unit(one.unit), source: text(one.source), note: text(one.edition) }}>{`${number(one.value)} ${unit(one.unit)}`}</Explained>
              </td>
              {isAsked && <td className="small">{`${asked(one)}${met(one)}`}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {without.length > 0 && (
        <details>
          <summary>{w.without({ count: without.length })}</summary>
          <ul className="small faint">
            {without.map((one) => (
              <li key={`${one.id} ${one.member ?? ""}`}>{`${nameOf(one)}: ${one.reason ? text(one.reason) : ""}`}</li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

function Uses({ uses }: { uses: Accounts["uses"] }) {
  return (
    <Panel title={w.uses()}>
      <table>
        <thead>
          <tr>
            <th>{w.by()}</th>
            <th>{w.carrier()}</th>
            <th className="number">{w.amount()}</th>
            <th className="number">{w.perTonne()}</th>
          </tr>
        </thead>
        <tbody>
          {uses.map((used) => (
            <tr key={`${used.by.en} ${used.carrier.en}`}>
              <td className="named">{text(used.by)}</td>
              <td>{text(used.carrier)}</td>
              <td className="number">{`${number(used.amount)} ${unit(used.unit)}`}</td>
              <td className="number">{used.per_tonne == null ? number(null) : `${number(used.per_tonne)} ${unit(used.unit)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Carbon({ carbon }: { carbon: Accounts["carbon"] }) {
  return (
    <Panel title={w.carbonOf()}>
      {!carbon && <p className="faint">{w.carbonNone()}</p>}
      {carbon && (
        <div className="stack">
          <p>{w.carbonTotal({ total: number(carbon.total_t), meaning: text(carbon.meaning) })}</p>
          <ul>
            {carbon.scopes.map((scope) => (
              <li key={scope.scopes}>{w.scope({ scopes: scope.scopes, total: number(scope.total_t) })}</li>
            ))}
            {carbon.factors.map((factor) => (
              <li key={factor.id}>
                {`${w.factor()} `}
                <Explained by={{ what: factor.id, equation: `${factor.id} = ${number(factor.value)} ${unit(factor.unit)}`, unit: unit(factor.unit), source: text(factor.source), note: [text(factor.region), factor.year ?? ""].join(" ") }}>
                  {`${number(factor.value)} ${unit(factor.unit)}`}
                </Explained>
              </li>
            ))}
          </ul>
          {carbon.without_factor.length > 0 && <p className="notice plain">{w.lacking({ what: list(carbon.without_factor.map(text)) })}</p>}
        </div>
      )}
    </Panel>
  );
}

function Grades({ grades }: { grades: Accounts["grades"] }) {
  return (
    <Panel title={w.grades()}>
      <table>
        <thead>
          <tr>
            <th>{w.product()}</th>
            <th>{w.class()}</th>
            <th>{w.verdict()}</th>
          </tr>
        </thead>
        <tbody>
          {grades.map((grade) => (
            <tr key={`${grade.product.en} ${grade.class.en}`}>
              <td>{text(grade.product)}</td>
              <td>{text(grade.class)}</td>
              <td>{text(grade.verdict)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

interface Props {
  run: string;
  from: string;
  to: string;
  /** What the diagram is of: recovery is told of the same element. */
  carrier: string;
}

export function AccountsOf({ run, from, to, carrier }: Props) {
  const asked = useAsked(() => answered(api.GET("/api/runs/{name}/accounts", { params: { path: { name: run }, query: { from: from || undefined, to: to || undefined } } })), [run, from, to]);
  const found = asked.data;
  const way = found?.ways.find((one) => one.element === carrier) ?? found?.ways[0];
  return (
    <>
      <Problem error={asked.error} again={asked.again} />
      {asked.isAsking && !found && <Loading />}
      {found && (
        <section className="stack" aria-label={w.accounts()}>
          {way ? <Recovery way={way} /> : <p className="faint">{w.noWay()}</p>}
          <div className="cols">
            <Indicators indicators={found.indicators} />
            <div className="stack">
              <Carbon carbon={found.carbon} />
              {found.uses.length > 0 && <Uses uses={found.uses} />}
              {found.grades.length > 0 && <Grades grades={found.grades} />}
            </div>
          </div>
        </section>
      )}
    </>
  );
}
