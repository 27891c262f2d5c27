// Language and light.

import { setTheme, useTheme } from "../look/theme";
import { setLang, useLang } from "../text/lang";
import { words } from "../text/words";

const w = words({
  dark: ["Dark", "深色"],
  light: ["Light", "浅色"],
});

/** Offers the other language, in its own words. */
export function LangSwitch() {
  const other = useLang() === "zh" ? ({ lang: "en", name: "English" } as const) : ({ lang: "zh", name: "中文" } as const);
  return (
    <button type="button" className="quiet" lang={other.lang === "zh" ? "zh-CN" : "en"} onClick={() => setLang(other.lang)}>
      {other.name}
    </button>
  );
}

export function ThemeSwitch() {
  const isDark = useTheme() === "dark";
  return (
    <button type="button" className="quiet" onClick={() => setTheme(isDark ? "light" : "dark")}>
      {isDark ? w.light() : w.dark()}
    </button>
  );
}
