// What was asked for: how far it has come, how it ended, and calling it off.

import { useState } from "react";
import { answered, api, type Schema } from "../../api/client";
import { reason } from "../../parts/problem";
import { usePark } from "../../session";
import { dateTime, percent, text } from "../../text/lang";
import { w } from "./words";

type Job = Schema["JobView"];

export const isOpen = (job: Job): boolean => job.phase === "waiting" || job.phase === "running";

function Standing({ job }: { job: Job }) {
  if (job.phase === "failed") {
    return (
      <>
        <b className="high">{w.failedJob()}</b>
        {job.problems.map((problem) => (
          <div key={problem.message.en} className="small">
            {text(problem.message)}
          </div>
        ))}
      </>
    );
  }
  if (job.phase !== "running") return <>{w[job.phase]()}</>;
  const share = job.share ?? null;
  return (
    <span className="row">
      <progress aria-label={`${w.running()}: ${job.name}`} value={share ?? undefined} max={1} />
      <span className="small">{share === null ? w.running() : w.progress({ share: percent(share) })}</span>
    </span>
  );
}

export function Jobs({ jobs, again }: { jobs: Job[]; again: () => void }) {
  const { may } = usePark();
  const [trouble, setTrouble] = useState("");
  const cancel = (job: Job) =>
    void answered(api.DELETE("/api/jobs/{id}", { params: { path: { id: job.id } } }))
      .catch((error: unknown) => setTrouble(reason(error)))
      .then(again);
  if (jobs.length === 0) return <p className="faint">{w.noJobs()}</p>;
  return (
    <div className="scroll" style={{ maxHeight: "40vh" }} tabIndex={0} role="group" aria-label={w.jobs()}>
      {trouble && (
        <p className="critical" role="alert">
          {trouble}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th>{w.name()}</th>
            <th>{w.kind()}</th>
            <th>{w.phase()}</th>
            <th className="wide">{w.asked()}</th>
            <th>
              <span className="hidden">{w.acts()}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              <td>{job.name}</td>
              <td>{w[job.kind]()}</td>
              <td>
                <Standing job={job} />
              </td>
              <td className="wide faint">{`${dateTime(job.asked_ms)} · ${job.by}`}</td>
              <td>
                {isOpen(job) && may("arrange") && (
                  <button type="button" onClick={() => cancel(job)}>
                    {w.cancel()}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
