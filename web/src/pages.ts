// The pages, in the order of the ways. Each loads when it is first looked at.

import { lazy, type ComponentType } from "react";
import { w } from "./words";

export interface Page {
  /** Where it is. */
  path: string;
  name: () => string;
  /** Loads it. */
  View: ComponentType;
}

export const PAGES: Page[] = [
  { path: "/", name: w.lake, View: lazy(() => import("./pages/lake/lake")) },
  { path: "/pond", name: w.ponds, View: lazy(() => import("./pages/pond/pond")) },
  { path: "/trend", name: w.trend, View: lazy(() => import("./pages/trend/trends")) },
  { path: "/plants", name: w.plants, View: lazy(() => import("./pages/plants/plants")) },
  { path: "/diagrams", name: w.diagrams, View: lazy(() => import("./pages/diagrams/diagrams")) },
  { path: "/circulation", name: w.circulation, View: lazy(() => import("./pages/circulation/circulation")) },
  { path: "/energy", name: w.energy, View: lazy(() => import("./pages/energy/energy")) },
  { path: "/alarms", name: w.alarms, View: lazy(() => import("./pages/alarms/alarms")) },
  { path: "/plan", name: w.plan, View: lazy(() => import("./pages/plan/plan")) },
  { path: "/scenarios", name: w.scenarios, View: lazy(() => import("./pages/scenarios/scenarios")) },
  { path: "/learn", name: w.learn, View: lazy(() => import("./pages/learn/learn")) },
  { path: "/data", name: w.data, View: lazy(() => import("./pages/data/data")) },
];
