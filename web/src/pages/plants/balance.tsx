// What enters and leaves the plant by element, and where a chosen one goes.

import { useState } from "react";
import { number, percent, text } from "../../text/lang";
import type { Plant } from "./layout";
import { w } from "./words";

/** Elements that people ask for first. */
const FIRST = ["K", "Li", "Mg", "Na", "Cl", "B", "Br"];

/** Streams that an element leaves by, with its share of what enters, the largest first. */
export function waysOut(plant: Plant, element: number): { stream: number; t_h: number; share: number }[] {
  const enters = plant.elements[element]!.enters_t_h;
  return plant.streams
    .map((stream, at) => ({ at, stream }))
    .filter(({ stream }) => stream.to == null)
    .map(({ at, stream }) => ({ stream: at, t_h: stream.elements_t_h[element]!, share: stream.elements_t_h[element]! / enters }))
    .filter((way) => way.share > 1e-6)
    .sort((a, b) => b.share - a.share);
}

export function Balance({ plant, factor }: { plant: Plant; factor: number }) {
  const order = plant.elements.map((_, i) => i).filter((i) => plant.elements[i]!.enters_t_h > 0);
  order.sort((a, b) => (FIRST.indexOf(plant.elements[a]!.element) + 99) % 99 - ((FIRST.indexOf(plant.elements[b]!.element) + 99) % 99));
  const [chosen, choose] = useState(-1);
  const element = order.includes(chosen) ? chosen : (order[0] ?? -1);
  if (element < 0) return null;
  return (
    <div className="cols">
      <table>
        <thead>
          <tr>
            <th>{w.element()}</th>
            <th className="number">{`${w.enters()} [t/h]`}</th>
            <th className="number">{`${w.leaves()} [t/h]`}</th>
            <th className="number wide">{w.lost()}</th>
          </tr>
        </thead>
        <tbody>
          {order.map((i) => {
            const of = plant.elements[i]!;
            return (
              <tr key={of.element} className={i === element ? "marked" : ""}>
                <td>
                  <button type="button" className="link" aria-pressed={i === element} onClick={() => choose(i)}>
                    {of.element}
                  </button>
                </td>
                <td className="number">{number(of.enters_t_h * factor, 4)}</td>
                <td className="number">{number(of.leaves_t_h * factor, 4)}</td>
                <td className="number wide">{((of.enters_t_h - of.leaves_t_h) / of.enters_t_h).toExponential(0)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <table>
        <thead>
          <tr>
            <th>{w.where({ element: plant.elements[element]!.element })}</th>
            <th className="number">{"t/h"}</th>
            <th className="number">{w.share()}</th>
          </tr>
        </thead>
        <tbody>
          {waysOut(plant, element).map(({ stream, t_h: mass, share }) => (
            <tr key={stream}>
              <td>{text(plant.streams[stream]!.name)}</td>
              <td className="number">{number(mass * factor, 4)}</td>
              <td className="number">{percent(share, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
