// Why not? What a plan says of something at a day: done, left undone for a reason, never asked about, or not known.

import type { Of, Plan } from "./gantt";

type Undone = Plan["undone"][number];
type Binding = Plan["bindings"][number];

export interface Question {
  of: Of;
  id: string;
  day: string;
}

export type Answer =
  /** Something stands against more of it. */
  | { is: "undone"; undone: Undone; binds: Binding[] }
  /** It is done, as far as it can be. */
  | { is: "full"; binds: Binding[] }
  /** The folder does not let the plan decide it. */
  | { is: "not-asked" }
  /** The plan is of before reasons were kept, or follows the base's rules. */
  | { is: "no-reasons" }
  /** The plan does not reach to that day. */
  | { is: "outside" };

const holds = (day: string, { from, to }: { from: string; to: string }): boolean => from <= day && day <= to;

/** Limits that bind on that day, the most worth first. */
export const bindsOn = (plan: Plan, day: string): Binding[] => plan.bindings.filter((one) => holds(day, one));

export function answer(plan: Plan, { of, id, day }: Question): Answer {
  if (!holds(day, plan)) return { is: "outside" };
  if (plan.undone.length === 0) return { is: "no-reasons" };
  const binds = bindsOn(plan, day);
  const own = plan.undone.filter((one) => one.of === of && one.id === id);
  const undone = own.find((one) => holds(day, one));
  if (undone) return { is: "undone", undone, binds };
  const does = of === "plant" ? plan.loads.some((one) => one.id === id) : plan.bars.some((one) => one.id === id);
  const isAsked = own.length > 0 || (does && (of !== "harvest" || plan.harvests.some((one) => one.id === id)));
  return isAsked ? { is: "full", binds } : { is: "not-asked" };
}
