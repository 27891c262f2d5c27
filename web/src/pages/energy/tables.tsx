// What a dispatch comes to in tables: who gets what from whom, quotas, service, money.

import { Panel } from "../../parts/panel";
import { NONE, number, percent, text } from "../../text/lang";
import type { Dispatch } from "./difference";
import { w } from "./words";

type Matching = NonNullable<Dispatch["matching"]>;

function sources(matching: Matching, shares: number[]): string {
  const named = matching.sources.map((source, i) => ({ name: source.kind === "level" ? w.startOf({ name: text(source.name) }) : text(source.name), share: shares[i] ?? 0 }));
  const told = named.filter(({ share }) => share >= 0.005).sort((a, b) => b.share - a.share);
  return told.map(({ name, share }) => `${name} ${percent(share)}`).join(" · ");
}

export function MatchingTable({ dispatch }: { dispatch: Dispatch }) {
  const { matching } = dispatch;
  if (!matching) return null;
  return (
    <Panel title={w.matching()}>
      <div className="scroll" tabIndex={0} role="region" aria-label={w.matching()}>
        <table>
          <thead>
            <tr>
              <th>{w.consumer()}</th>
              <th className="number">{w.used()}</th>
              <th className="number">{w.score()}</th>
              <th>{w.from2()}</th>
            </tr>
          </thead>
          <tbody>
            {matching.consumers
              .filter((consumer) => consumer.used_mwh > 0)
              .map((consumer) => (
                <tr key={`${consumer.kind}${consumer.unit}`}>
                  <td>{consumer.kind === "export" ? w.sold({ name: text(consumer.name) }) : text(consumer.name)}</td>
                  <td className="number">{`${number(consumer.used_mwh)} MWh`}</td>
                  <td className="number">{consumer.score == null ? NONE : percent(consumer.score, 3)}</td>
                  <td className="small">{sources(matching, consumer.shares)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

export function Quotas({ dispatch, isWindow }: { dispatch: Dispatch; isWindow: boolean }) {
  return (
    <Panel title={w.quotas()}>
      {dispatch.quotas.length === 0 ? (
        <p className="faint">{w.noQuotas()}</p>
      ) : (
        <>
          {dispatch.quotas.map((quota) => {
            const share = quota.limit > 0 ? Math.max(0, Math.min(1, quota.used / quota.limit)) : 0;
            const of = (value: number) => `${number(value)} ${quota.amounts}`;
            return (
              <div key={quota.unit} className="stack">
                <h3>{text(quota.name)}</h3>
                <svg className="share-bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={w.usedShare({ share: percent(share), name: text(quota.name) })}>
                  <rect className="ground" width="100" height="10" />
                  <rect className="used" width={100 * share} height="10" />
                </svg>
                <table>
                  <tbody>
                    <tr>
                      <th>{w.limit()}</th>
                      <td className="number">{of(quota.limit)}</td>
                    </tr>
                    <tr>
                      <th>{w.usedOf()}</th>
                      <td className="number">{`${of(quota.used)} (${percent(share, 3)})`}</td>
                    </tr>
                    <tr>
                      <th>{w.left()}</th>
                      <td className="number">{of(quota.left)}</td>
                    </tr>
                    <tr>
                      <th>{w.worth()}</th>
                      <td className="number">{quota.price == null ? NONE : `${number(quota.price)} ${dispatch.currency}/${quota.amounts}`}</td>
                    </tr>
                  </tbody>
                </table>
              </div>
            );
          })}
          {isWindow && <p className="faint small">{w.quotaWindow()}</p>}
        </>
      )}
    </Panel>
  );
}

export function Service({ dispatch }: { dispatch: Dispatch }) {
  if (dispatch.service.length === 0) return null;
  return (
    <Panel title={w.service()}>
      <table>
        <thead>
          <tr>
            <th>{w.backlog()}</th>
            <th className="number">{w.arrived()}</th>
            <th className="number">{w.inTime()}</th>
            <th className="number">{w.meanWait()}</th>
          </tr>
        </thead>
        <tbody>
          {dispatch.service.map((one) => (
            <tr key={one.class}>
              <td>{text(one.name)}</td>
              <td className="number">{`${number(one.arrived_mwh)} MWh`}</td>
              <td className="number">{one.arrived_mwh > 0 ? percent(one.in_time_mwh / one.arrived_mwh, 3) : NONE}</td>
              <td className="number">{`${number(one.mean_wait_h, 3)} h`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

const SIDES: Record<string, (fields: { name: string }) => string> = { import: w.bought, export: w.soldBy, level: w.held, backlog: w.otherTimes, shortage: w.short, deviation: w.deviation };

export function Costs({ dispatch }: { dispatch: Dispatch }) {
  const costs = [...dispatch.costs].sort((a, b) => Math.abs(b.money) - Math.abs(a.money));
  const flexible = dispatch.without_flexibility;
  const earned = flexible?.objective != null && dispatch.objective != null ? flexible.objective - dispatch.objective : null;
  return (
    <Panel title={w.costs()}>
      <table>
        <thead>
          <tr>
            <th>{w.unit()}</th>
            <th className="number">{`${w.money()} [${dispatch.currency}]`}</th>
          </tr>
        </thead>
        <tbody>
          {costs.map((cost) => (
            <tr key={`${cost.unit}${cost.kind ?? ""}`}>
              <td>{(cost.kind && SIDES[cost.kind]?.({ name: text(cost.name) })) || text(cost.name)}</td>
              <td className="number">{number(cost.money, 6)}</td>
            </tr>
          ))}
          <tr>
            <th>{w.cost()}</th>
            <td className="number">
              <b>{number(dispatch.objective, 6)}</b>
            </td>
          </tr>
        </tbody>
      </table>
      {earned !== null && flexible && (
        <p className="small">{w.flexibility({ money: number(earned, 4), currency: dispatch.currency, carbon: number(flexible.carbon_t - dispatch.carbon_t, 3) })}</p>
      )}
    </Panel>
  );
}
