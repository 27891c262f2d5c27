// The priority of an alarm: a letter in a box, so that colour is never alone; filled while nobody has answered.

import { w } from "./words";

export type PriorityName = "critical" | "high" | "medium" | "low";

export const PRIORITIES: PriorityName[] = ["critical", "high", "medium", "low"];

export const priorityName = (priority: PriorityName): string => w[priority]();
export const priorityLetter = (priority: PriorityName): string => w[`${priority}Letter`]();

export function Priority({ priority, unanswered = false }: { priority: string; unanswered?: boolean }) {
  const known = priority as PriorityName;
  return (
    <b className={`priority ${known} ${unanswered ? "unanswered" : ""}`} title={priorityName(known)}>
      <span>{priorityLetter(known)}</span>
    </b>
  );
}
