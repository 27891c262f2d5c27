// Names of the stages that a base may give its ponds.

import { w } from "./words";

const NAMES: Record<string, () => string> = {
  halite: w.halite,
  carnallite: w.carnallite,
  sylvite: w.sylvite,
  bischofite: w.bischofite,
  lithium: w.lithium,
  adjusting: w.adjusting,
  "old brine": w.oldBrine,
  concentrating: w.concentrating,
  gypsum: w.gypsum,
  seawater: w.seawater,
  bittern: w.bittern,
};

export const stageName = (stage: string): string => NAMES[stage]?.() ?? stage;
