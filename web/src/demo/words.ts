import { words } from "../text/words";

export const w = words({
  title: ["A played plant", "演示工厂"],
  about: ["Nothing here is real: the base is marched while a clock runs, and speaks as a plant would.", "所示均非真实数据：基地按时钟推演，并以真实工厂的方式通信。"],
  pace: ["Pace", "速度"],
  fault: ["Fault", "故障"],
  befalls: ["What it befalls", "对象"],
  size: ["How much", "大小"],
  begin: ["Make it happen", "注入"],
  end: ["End it", "解除"],
  holding: ["Going on now", "正在发生"],
  nothing: ["Nothing is wrong with the plant.", "工厂一切正常。"],
  since: ["since {time}", "自 {time}"],
  close: ["Close", "关闭"],
  leak: ["leak in a pond", "盐池渗漏"],
  stuck: ["instrument sticks", "仪表卡死"],
  drift: ["instrument drifts", "仪表漂移"],
  trip: ["pump trips", "泵跳停"],
  storm: ["rain storm", "暴雨"],
  down: ["connection lost", "通信中断"],
  perDay: ["its unit a day", "位号单位/天"],
});
