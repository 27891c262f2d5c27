// Where values come from, and how each source does.

import { answered, api, type Schema } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { plantNow } from "../../../live/clock";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { clockTime, duration, number, text } from "../../../text/lang";
import { w } from "./words";

type Connection = Schema["ConnectionView"];

function Row({ connection }: { connection: Connection }) {
  const { phase, trouble, last_heard_ms } = connection;
  const isLive = phase === "live";
  return (
    <tr>
      <td>{connection.id}</td>
      <td className={isLive ? "faint" : "high"}>{w[phase as "live"]?.() ?? phase}</td>
      <td className="number">{last_heard_ms == null ? w.never() : w.ago({ time: duration(Math.max(0, plantNow() - last_heard_ms)) })}</td>
      <td className="number wide">{clockTime(connection.since_ms)}</td>
      <td className="number wide">{number(connection.readings, 9)}</td>
      <td className={`number ${connection.refused ? "high" : "faint"}`}>{number(connection.refused, 9)}</td>
      <td className="number wide">{number(connection.gaps, 9)}</td>
      <td>{trouble ? text(trouble.message) : ""}</td>
    </tr>
  );
}

export function Sources() {
  const asked = useAsked(() => answered(api.GET("/api/system")), [], 3000);
  const all = asked.data?.connections;
  return (
    <Panel title={w.sources()}>
      {!all && asked.isAsking && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {all?.length === 0 && <p className="faint">{w.noSources()}</p>}
      {all && all.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>{w.connection()}</th>
                <th>{w.phase()}</th>
                <th className="number">{w.heard()}</th>
                <th className="number wide">{w.since()}</th>
                <th className="number wide">{w.readings()}</th>
                <th className="number">{w.refused()}</th>
                <th className="number wide">{w.gaps()}</th>
                <th>{w.trouble()}</th>
              </tr>
            </thead>
            <tbody>
              {all.map((connection) => (
                <Row key={connection.id} connection={connection} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
