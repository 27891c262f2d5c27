import { words } from "./text/words";

export const w = words({
  lake: ["Lake", "盐湖"],
  ponds: ["Ponds", "盐池"],
  trend: ["Trends", "趋势"],
  circulation: ["Circulation", "循环"],
  alarms: ["Alarms", "报警"],
  scenarios: ["Scenarios", "情景"],
  data: ["Data and system", "数据与系统"],
  skip: ["Skip to the page", "跳至正文"],
  ways: ["Pages", "页面"],
  live: ["live", "实时"],
  connecting: ["connecting …", "连接中……"],
  gone: ["No connection: nothing shown is live. Trying again …", "连接中断：所示均非实时数据，正在重试……"],
  played: ["played plant × {speed}", "演示工厂 × {speed}"],
  playedWhy: ["A played plant: nothing here is real", "演示工厂：所示均非真实数据"],
  unanswered: ["{count} unanswered", "{count} 条未确认"],
  standing: ["{count} standing", "{count} 条报警"],
  quiet: ["no alarms", "无报警"],
  signOut: ["Sign out", "退出"],
  unknown: ["There is no such page.", "没有这个页面。"],
  toLake: ["To the lake", "返回盐湖"],
});
