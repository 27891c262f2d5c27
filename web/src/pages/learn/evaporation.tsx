// Lesson 1: why a brine evaporates slower.

import { useAsked } from "../../api/use";
import { Loading, Problem } from "../../parts/problem";
import { usePark } from "../../session";
import { number, percent, text } from "../../text/lang";
import { lastBook } from "./night";
import { Choice } from "./task";
import { w } from "./words";

export function Evaporation() {
  const { base } = usePark();
  const asked = useAsked(lastBook, []);
  const name = (id: string) => text(base.ponds.find((pond) => pond.id === id)?.name ?? { en: id, zh: id });
  const book = asked.data;
  const slowest = [...(book?.ponds ?? [])].sort((a, b) => a.own / a.fresh - b.own / b.fresh)[0];
  return (
    <>
      <p>{w.ev1()}</p>
      <p className="equation">{"e = a_w · e*(T)"}</p>
      <p>{w.ev2()}</p>
      {asked.isAsking && !book && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {book === null && <p className="notice plain">{w.noBook()}</p>}
      {book && slowest && (
        <>
          <p>{w.ev3({ from: book.from, to: book.to })}</p>
          <div className="scroll" tabIndex={0} role="group" aria-label={w.evaporation()}>
            <table>
              <thead>
                <tr>
                  <th>{w.pond()}</th>
                  <th className="number">{"a_w"}</th>
                  <th className="number">{`${w.own()} [mm/d]`}</th>
                  <th className="number">{`${w.fresh()} [mm/d]`}</th>
                </tr>
              </thead>
              <tbody>
                {book.ponds.map((one) => (
                  <tr key={one.pond}>
                    <td>{name(one.pond)}</td>
                    <td className="number">{number(one.activity, 3)}</td>
                    <td className="number">{number(one.own, 3)}</td>
                    <td className="number">{number(one.fresh, 3)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Choice
            id="evaporation"
            question={w.evTask()}
            hint={w.evHint()}
            why={w.evWhy({ pond: name(slowest.pond), share: percent(slowest.own / slowest.fresh), activity: number(slowest.activity, 3) })}
            choices={book.ponds.map((one) => [one.pond, name(one.pond)] as const)}
            right={slowest.pond}
          />
        </>
      )}
    </>
  );
}
