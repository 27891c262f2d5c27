import { words } from "../../text/words";

export const w = words({
  tabs: ["Parts of this page", "本页各部分"],
  tags: ["Tags", "位号"],
  assays: ["Assays", "化验"],
  closings: ["Closings", "结账"],
  people: ["People", "人员"],
  audit: ["Audit", "审计"],
  system: ["System", "系统"],
  unknown: ["There is no such part.", "没有这一部分。"],
  more: ["{count} more", "另有 {count} 条"],
});
