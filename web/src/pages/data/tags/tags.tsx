// All tags with their live values, a page of them at a time, so that ten thousand are as quick as ten.

import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { Tag } from "../../../api/client";
import { usePlantClock } from "../../../live/clock";
import { Panel } from "../../../parts/panel";
import { doubt, Value } from "../../../parts/value";
import { usePark } from "../../../session";
import { duration, number, text, unit } from "../../../text/lang";
import { addressOf, chosen, kindOf, pageOf, sorted, type Order } from "./list";
import { Quality } from "./quality";
import { Sources } from "./sources";
import { w } from "./words";

/** Tags on a page; a wall of a thousand is for a wall screen. */
const SIZES = [100, 1000];

/** Names that are the same in every language. */
const PROTOCOLS: Record<string, string> = { opcua: "OPC UA", modbus: "Modbus", mqtt: "MQTT" };

const kindName = (kind: string): string => PROTOCOLS[kind] ?? w[kind as "lab"]?.() ?? kind;

function Row({ tag }: { tag: Tag }) {
  const name = text(tag.name);
  const address = addressOf(tag);
  return (
    <tr>
      <td>
        <Link href={`/trend?tags=${encodeURIComponent(tag.id)}&hours=24`} aria-label={w.trend({ name })}>
          {name}
        </Link>
        <div className="faint code">{tag.id}</div>
      </td>
      <td className="number">
        <Value tag={tag} withUnit={false} />
      </td>
      <td>{unit(tag.unit)}</td>
      <td>
        <Quality n={tag.n} />
      </td>
      <td className="wide">
        {kindName(kindOf(tag))}
        {address && <div className="faint code">{address}</div>}
      </td>
      <td className="number wide">{duration(tag.period_s * 1000)}</td>
    </tr>
  );
}

interface HeadProps {
  column: Order;
  name: string;
  className?: string;
  order: Order;
  onSort: (order: Order) => void;
}

function Head({ column, name, className, order, onSort }: HeadProps) {
  return (
    <th className={className} aria-sort={order === column ? "ascending" : undefined}>
      <button type="button" className="sort" aria-pressed={order === column} title={w.sortBy({ column: name })} onClick={() => onSort(column)}>
        {name}
      </button>
    </th>
  );
}

export default function Tags() {
  const { tags } = usePark();
  const [wanted, setWanted] = useState("");
  const [kind, setKind] = useState("");
  const [onlyDoubtful, setOnlyDoubtful] = useState(false);
  const [order, setOrder] = useState<Order>("tag");
  const [at, setAt] = useState(0);
  const [size, setSize] = useState(SIZES[0]!);
  // Which values are good is looked at now and then.
  usePlantClock(onlyDoubtful ? 3000 : 3_600_000);

  const inOrder = useMemo(() => sorted(tags, order, (tag) => text(tag.name)), [tags, order]);
  const found = chosen(inOrder, { wanted, kind, doubt: onlyDoubtful ? doubt : undefined });
  const { rows, page, last } = pageOf(found, at, size);
  const kinds = [...new Set(tags.map(kindOf))].sort();
  const narrow = (change: () => void) => {
    change();
    setAt(0);
  };
  const head = { order, onSort: setOrder };
  return (
    <>
      <Sources />
      <Panel title={w.tags({ shown: number(found.length, 6), all: number(tags.length, 6) })}>
        <div className="row">
          <input type="search" aria-label={w.find()} placeholder={w.find()} value={wanted} onChange={(event) => narrow(() => setWanted(event.target.value))} />
          <select aria-label={w.source()} value={kind} onChange={(event) => narrow(() => setKind(event.target.value))}>
            <option value="">{w.all()}</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kindName(kind)}
              </option>
            ))}
          </select>
          <label className="row small">
            <input type="checkbox" checked={onlyDoubtful} onChange={(event) => narrow(() => setOnlyDoubtful(event.target.checked))} />
            {w.onlyDoubtful()}
          </label>
          {tags.length > SIZES[0]! && (
            <select aria-label={w.size()} value={size} onChange={(event) => narrow(() => setSize(Number(event.target.value)))}>
              {SIZES.map((size) => (
                <option key={size} value={size}>
                  {w.onPage({ count: number(size) })}
                </option>
              ))}
            </select>
          )}
        </div>
        {rows.length === 0 && <p className="faint">{w.none()}</p>}
        {rows.length > 0 && (
          <div className="scroll">
            <table>
              <thead>
                <tr>
                  <Head column="tag" name={w.tag()} {...head} />
                  <th className="number">{w.value()}</th>
                  <th>
                    <span className="hidden">{w.unit()}</span>
                  </th>
                  <th>{w.quality()}</th>
                  <Head column="source" name={w.source()} className="wide" {...head} />
                  <Head column="period" name={w.period()} className="number wide" {...head} />
                </tr>
              </thead>
              <tbody>
                {rows.map((tag) => (
                  <Row key={tag.id} tag={tag} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {last > 0 && (
          <div className="row">
            <button type="button" disabled={page === 0} onClick={() => setAt(page - 1)}>
              {w.back()}
            </button>
            <span className="faint number">{w.page({ from: page * size + 1, to: page * size + rows.length, all: number(found.length, 6) })}</span>
            <button type="button" disabled={page === last} onClick={() => setAt(page + 1)}>
              {w.on()}
            </button>
          </div>
        )}
      </Panel>
    </>
  );
}
