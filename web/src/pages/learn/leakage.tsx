// Lesson 3: why leakage is lithium.

import { Link } from "wouter";
import { usePark } from "../../session";
import { number, text } from "../../text/lang";
import { live } from "../../live/store";
import { Loading, Problem } from "../../parts/problem";
import { useEstimates } from "../lake/comes";
import { assayOf } from "../lake/measure";
import { isNear, lostLce } from "./sums";
import { Reckon } from "./task";
import { w } from "./words";

/** A leak to reckon with, mm/d: what a good floor loses is less, a torn one more. It is told as assumed. */
const LEAK_MM_D = 1;

export function Leakage() {
  const park = usePark();
  const estimates = useEstimates();
  const rich = park.base.ponds
    .map((pond) => {
      const tag = assayOf(park, pond.id, "Li");
      const analysed = tag ? live.usable(tag.n) : Number.NaN;
      const estimate = estimates.data?.ponds.find((one) => one.pond === pond.id && one.quantity === "Li")?.value;
      return { pond, li: Number.isFinite(analysed) ? analysed : (estimate ?? Number.NaN) };
    })
    .filter(({ li }) => li > 0)
    .sort((a, b) => b.li - a.li)[0];
  const right = rich ? lostLce(LEAK_MM_D, rich.pond.area_m2, rich.li) : Number.NaN;
  return (
    <>
      <p>{w.le1()}</p>
      <p>{w.le2()}</p>
      {estimates.isAsking && !estimates.data && <Loading />}
      <Problem error={estimates.error} again={estimates.again} />
      {!rich && !estimates.isAsking && <p className="notice plain">{w.noLithium()}</p>}
      {rich && (
        <>
          <table>
            <tbody>
              <tr>
                <td>{w.leArea({ pond: text(rich.pond.name) })}</td>
                <td className="number">{`${number(rich.pond.area_m2 / 1e6, 4)} km²`}</td>
              </tr>
              <tr>
                <td>{w.leLithium()}</td>
                <td className="number">{`${number(rich.li, 4)} g/L`}</td>
              </tr>
              <tr>
                <td>{w.leLeak()}</td>
                <td className="number">{`${number(LEAK_MM_D)} mm/d`}</td>
              </tr>
              <tr>
                <td>{w.leFactor()}</td>
                <td className="number">{"5.323"}</td>
              </tr>
            </tbody>
          </table>
          <Reckon id="leakage" question={w.leTask()} unit="t" hint={w.leHint()} why={w.leWhy({ mass: number(right, 3) })} isRight={(answer) => isNear(answer, right)} />
          <p>
            {w.le3()} <Link href={`/pond/${rich.pond.id}`}>{text(rich.pond.name)}</Link>
          </p>
        </>
      )}
    </>
  );
}
