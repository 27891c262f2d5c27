// How the server itself does: what is wrong, in words, what it has counted, and what may be asked of it.

import { answered, api } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { usePark } from "../../../session";
import { number, text } from "../../../text/lang";
import { Problems } from "../problems";
import { BackUp } from "./back-up";
import { megabytes, refusals, type System } from "./counts";
import { NightsEstimates } from "./estimates";
import { w } from "./words";

function State({ system }: { system: System }) {
  // What is wrong with a connection is told there too, and is trouble of the server all the same.
  const broken = system.connections.flatMap(({ id, trouble }) => (trouble ? [{ id, trouble }] : []));
  const isWell = system.problems.length === 0 && broken.length === 0 && !system.flood;
  return (
    <Panel title={w.state()}>
      {isWell && <p className="faint">{w.well()}</p>}
      {system.flood && <p className="notice">{w.flood()}</p>}
      <Problems problems={system.problems} />
      {broken.map(({ id, trouble }) => (
        <p key={id} className="notice">
          {`${id}: ${text(trouble.message)}`}
        </p>
      ))}
    </Panel>
  );
}

interface Count {
  name: string;
  count: string;
  isTrouble?: boolean;
}

function Counts({ title, name, rows }: { title: string; name: string; rows: Count[] }) {
  return (
    <Panel title={title}>
      {rows.length === 0 && <p className="faint">{w.noneRefused()}</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{name}</th>
              <th className="number">{w.count()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <td>{row.name}</td>
                <td className={`number ${row.isTrouble ? "high" : ""}`}>{row.count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function samples(system: System): Count[] {
  const whole = (count: number) => number(count, 15);
  return [
    { name: w.stored(), count: whole(system.stored) },
    { name: w.held(), count: whole(system.held) },
    { name: w.lost(), count: `${system.lost > 0 ? "✗ " : ""}${whole(system.lost)}`, isTrouble: system.lost > 0 },
    { name: w.journal(), count: whole(system.journal) },
    { name: w.filed(), count: whole(system.filed) },
    { name: w.bytes(), count: number(megabytes(system.filed_bytes)) },
  ];
}

export default function ServerState() {
  const { may } = usePark();
  const asked = useAsked(() => answered(api.GET("/api/system")), [], 3000);
  const system = asked.data;
  return (
    <>
      {!system && asked.isAsking && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {system && <State system={system} />}
      <div className="cols">
        {system && <Counts title={w.counts()} name={w.what()} rows={samples(system)} />}
        {system && <Counts title={w.refused()} name={w.code()} rows={refusals(system.refused).map(([name, count]) => ({ name, count: number(count, 15) }))} />}
        <NightsEstimates />
        {may("administer") && <BackUp />}
      </div>
    </>
  );
}
