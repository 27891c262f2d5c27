import { words } from "../../text/words";

export const w = words({
  title: ["Sign in to Saltern", "登录 Saltern"],
  about: ["The digital salt lake", "数字盐湖"],
  name: ["Name", "用户名"],
  password: ["Password", "口令"],
  go: ["Sign in", "登录"],
});
