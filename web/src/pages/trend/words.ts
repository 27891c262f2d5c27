import { words } from "../../text/words";

export const w = words({
  add: ["Add a tag", "添加位号"],
  hour: ["1 h", "1 小时"],
  day: ["1 d", "1 天"],
  week: ["7 d", "7 天"],
  month: ["30 d", "30 天"],
  quarter: ["90 d", "90 天"],
  span: ["Span", "时段"],
  back: ["Earlier", "更早"],
  forward: ["Later", "更晚"],
  now: ["Now", "现在"],
  remove: ["Remove {name}", "移除 {name}"],
  csv: ["Download {name} as CSV", "下载 {name}（CSV）"],
  none: ["Add a tag to see its trend.", "请添加位号查看趋势。"],
  hint: ["Drag across a trend to look closer, double-click to look back.", "在曲线上拖动可放大，双击返回。"],
});
