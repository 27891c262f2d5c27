// Closings of shifts, days and months: the list of a kind, or one with its figures.

import { useState } from "react";
import { Link, useLocation } from "wouter";
import { answered, api, type Schema } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { Segments } from "../../../parts/segments";
import { Problems } from "../problems";
import { OneClosing } from "./closing";
import { periodOf } from "./figures";
import { w } from "./words";

type Head = Schema["HeadView"];

const KINDS = ["shift", "day", "month"] as const;
type Kind = (typeof KINDS)[number];
const NONE = { shift: w.noneShift, day: w.noneDay, month: w.noneMonth };
const PATH = "/data/closings";

/** In words: a draft, or locked, when and by whom. */
export function stateOf({ locked, restated }: Head): string {
  if (!locked) return w.draft();
  return restated > 0 ? w.lockedRestated({ ...locked, count: restated }) : w.locked({ ...locked });
}

function Row({ head }: { head: Head }) {
  return (
    <tr>
      <td>
        <Link href={`${PATH}/${head.id}`}>{periodOf(head.id)}</Link>
      </td>
      <td className={head.locked ? "" : "faint"}>{stateOf(head)}</td>
      <td className="number">{head.figures}</td>
    </tr>
  );
}

function List() {
  const [kind, setKind] = useState<Kind>("shift");
  const asked = useAsked(() => answered(api.GET("/api/closings", { params: { query: { kind } } })), [kind], 30_000);
  const { plan, problems, closings } = asked.data ?? { plan: null, problems: [], closings: [] };
  const latestFirst = closings.filter((head) => head.kind === kind).reverse();
  return (
    <Panel title={w.closings()} aside={<Segments label={w.kind()} choices={KINDS.map((kind) => [kind, w[kind]()] as const)} value={kind} onChange={setKind} />}>
      {!asked.data && asked.isAsking && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {asked.data && <p className="faint small">{plan ? w.plan({ ...plan }) : w.noPlan()}</p>}
      <Problems problems={problems} />
      {asked.data && !asked.isAsking && latestFirst.length === 0 && <p className="faint">{NONE[kind]()}</p>}
      {latestFirst.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>{w.period()}</th>
                <th>{w.state()}</th>
                <th className="number">{w.figures()}</th>
              </tr>
            </thead>
            <tbody>
              {latestFirst.map((head) => (
                <Row key={head.id} head={head} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

export default function Closings() {
  const [here] = useLocation();
  const id = here.startsWith(`${PATH}/`) ? decodeURIComponent(here.slice(PATH.length + 1)) : "";
  return id ? <OneClosing key={id} id={id} list={PATH} state={stateOf} /> : <List />;
}
