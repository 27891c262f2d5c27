// Systems that salt lakes are asked about; any other can be written.

import type { Pair } from "../../text/words";

export interface System {
  system: string;
  over: string;
  name: Pair;
}

/** The system that shows most of a base: with sulphate where its brines are analysed for it. */
export const systemOf = (tags: readonly { component?: string | null }[]): System => SYSTEMS[tags.some((tag) => tag.component === "SO4") ? 0 : 1]!;

/** The first is for bases whose brines hold sulphate, the second for those whose do not. */
export const SYSTEMS: System[] = [
  { system: "Na,K,Mg//Cl,SO4", over: "Halite", name: ["Na, K, Mg // Cl, SO₄ over halite: sulphate lakes, sea water", "Na, K, Mg // Cl, SO₄（石盐饱和）：硫酸盐型盐湖、海水"] },
  { system: "Na,K,Mg//Cl", over: "", name: ["Na, K, Mg // Cl: chloride lakes such as Qarhan", "Na, K, Mg // Cl：氯化物型盐湖（如察尔汗）"] },
  { system: "KCl-MgCl2-H2O", over: "", name: ["KCl – MgCl₂ – H₂O: carnallite", "KCl – MgCl₂ – H₂O：光卤石"] },
  { system: "NaCl-KCl-H2O", over: "", name: ["NaCl – KCl – H₂O: sylvinite, flotation brine", "NaCl – KCl – H₂O：钾石盐、浮选母液"] },
  { system: "LiCl-MgCl2-H2O", over: "", name: ["LiCl – MgCl₂ – H₂O: old brine", "LiCl – MgCl₂ – H₂O：老卤"] },
  { system: "LiCl-NaCl-H2O", over: "", name: ["LiCl – NaCl – H₂O: concentrated lithium", "LiCl – NaCl – H₂O：富锂卤水"] },
  { system: "Na,Mg//Cl,SO4", over: "", name: ["Na, Mg // Cl, SO₄: sodium sulphate, bloedite", "Na, Mg // Cl, SO₄：芒硝、白钠镁矾"] },
  { system: "Na,K//Cl,SO4", over: "", name: ["Na, K // Cl, SO₄: glaserite, potassium sulphate", "Na, K // Cl, SO₄：钾芒硝、硫酸钾"] },
  { system: "Na//Cl,SO4,CO3", over: "", name: ["Na // Cl, SO₄, CO₃: soda lakes", "Na // Cl, SO₄, CO₃：碱湖"] },
];
