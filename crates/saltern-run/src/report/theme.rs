//! One place for colours and style: tokens by stage and by mineral, one type scale, one grid.

use std::fmt::Write as _;

/// A colour: its key, on light paper, on dark paper. Hues after Paul Tol's colour-blind-safe "bright" and
/// "vibrant" sets, lightened for dark paper.
struct Token {
    key: &'static str,
    light: &'static str,
    dark: &'static str,
}

const fn token(key: &'static str, light: &'static str, dark: &'static str) -> Token {
    Token { key, light, dark }
}

const TOKENS: [Token; 18] = [
    token("pre", "#7fa8c9", "#8fb8d8"),
    token("halite", "#4477aa", "#6a9fd0"),
    token("gypsum", "#3fa9c9", "#66ccee"),
    token("sulfate", "#009988", "#33bbaa"),
    token("mixed", "#ee7733", "#f39a63"),
    token("sylvite", "#94800f", "#d8c84e"),
    token("carnallite", "#e0566b", "#f08593"),
    token("bischofite", "#aa3377", "#d06aa6"),
    token("oldbrine", "#6b7480", "#a3adb8"),
    token("lithium", "#228833", "#5cb96a"),
    token("borate", "#8a6d3b", "#c2a06a"),
    token("ice", "#9ad3e6", "#b6e3f2"),
    token("x1", "#5566aa", "#8897d8"),
    token("x2", "#997700", "#c9a53a"),
    token("x3", "#117755", "#4fae8c"),
    token("x4", "#994455", "#cc7f8e"),
    token("x5", "#774499", "#ab80cc"),
    token("x6", "#666633", "#a3a36a"),
];

const FALLBACKS: [&str; 6] = ["x1", "x2", "x3", "x4", "x5", "x6"];

/// Which colour a stage or mineral takes: first entry whose word its lower-case name holds.
const ASSIGNED: [(&str, &str); 41] = [
    ("concentrat", "pre"),
    ("feed", "pre"),
    ("evaporation", "pre"),
    ("reservoir", "pre"),
    ("hydrohalite", "ice"),
    ("halite", "halite"),
    ("crystalli", "halite"),
    ("gypsum", "gypsum"),
    ("anhydrite", "gypsum"),
    ("calcite", "gypsum"),
    ("mirabilite", "sulfate"),
    ("thenardite", "sulfate"),
    ("epsomite", "sulfate"),
    ("hexahydrite", "x3"),
    ("kieserite", "x3"),
    ("bloedite", "x3"),
    ("astrakhanite", "x3"),
    ("leonite", "mixed"),
    ("schoenite", "mixed"),
    ("picromerite", "mixed"),
    ("kainite", "mixed"),
    ("glaserite", "x2"),
    ("aphthitalite", "x2"),
    ("arcanite", "x2"),
    ("polyhalite", "x4"),
    ("glauberite", "x4"),
    ("syngenite", "x4"),
    ("lithium", "lithium"),
    ("lithi", "lithium"),
    ("zabuyelite", "lithium"),
    ("licl", "lithium"),
    ("li2", "lithium"),
    ("li-", "lithium"),
    ("sylvi", "sylvite"),
    ("carnallite", "carnallite"),
    ("bischofite", "bischofite"),
    ("tachyhydrite", "x5"),
    ("old", "oldbrine"),
    ("bittern", "oldbrine"),
    ("borax", "borate"),
    ("ice", "ice"),
];

/// Names in order of appearance, each with its colour: a name without its own takes the next spare one.
pub(crate) struct Palette {
    names: Vec<String>,
    keys: Vec<&'static str>,
}

impl Palette {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Palette {
        let mut palette = Palette {
            names: Vec::new(),
            keys: Vec::new(),
        };
        for name in names {
            if palette.names.iter().any(|n| n == name) {
                continue;
            }
            let spare = FALLBACKS
                .iter()
                .find(|key| !palette.keys.contains(key))
                .copied()
                .unwrap_or("x6");
            let own = assigned(name).filter(|key| !palette.keys.contains(key));
            palette.names.push(name.to_owned());
            palette.keys.push(own.unwrap_or(spare));
        }
        palette
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// CSS colour of a name.
    pub(crate) fn color(&self, name: &str) -> String {
        let key = self
            .names
            .iter()
            .position(|n| n == name)
            .map_or("oldbrine", |i| self.keys[i]);
        format!("var(--c-{key})")
    }
}

fn assigned(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    ASSIGNED
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, key)| *key)
}

/// Colour by key, for things that are neither stage nor mineral.
pub(crate) fn color(key: &str) -> String {
    format!("var(--c-{key})")
}

/// The style sheet.
pub(crate) fn css() -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for token in &TOKENS {
        let _ = write!(light, "--c-{}:{};", token.key, token.light);
        let _ = write!(dark, "--c-{}:{};", token.key, token.dark);
    }
    // Dark only on screens: paper is white.
    format!(
        ":root{{{LIGHT}{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{DARK}{dark}}}}}{RULES}"
    )
}

const LIGHT: &str = "color-scheme:light;--ink:#17212b;--muted:#5a6672;--line:#d5dbe1;--faint:#edf0f3;--paper:#ffffff;--page:#f6f7f8;\
--good:#1a7a48;--warn:#8a5a00;--bad:#b42318;--tint:0.16;";
const DARK: &str = "color-scheme:dark;--ink:#e4e9ee;--muted:#97a3af;--line:#333d47;--faint:#232b33;--paper:#171d23;--page:#10151a;\
--good:#5cc48c;--warn:#e0b050;--bad:#f0837a;--tint:0.24;";

const RULES: &str = r#"
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1184px;margin:0 auto;padding:32px 24px 48px;background:var(--paper)}
h1{font-size:28px;line-height:1.2;font-weight:650;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:17px;line-height:1.3;font-weight:650;margin:0 0 2px}
h3{font-size:13px;font-weight:650;margin:0 0 4px}
p{margin:0 0 8px}
.sub,.note{color:var(--muted);font-size:13px}
.note{max-width:84ch}
section{margin-top:36px;padding-top:14px;border-top:1px solid var(--line)}
section>.note{margin-bottom:14px}
.grid{display:grid;grid-template-columns:repeat(12,minmax(0,1fr));gap:24px}
.half{grid-column:span 6}.third{grid-column:span 4}.full{grid-column:span 12}
.multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(248px,1fr));gap:14px 20px}
figure{margin:0;min-width:0}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--ink);font-size:11px}
svg .lb{fill:var(--muted);font-size:11px}
svg .st{font-size:11px;font-weight:650}
svg .on{fill:var(--paper);font-weight:650}
svg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3.5px;stroke-linejoin:round}
svg .gr{stroke:var(--faint);stroke-width:1}
svg .ax{stroke:var(--muted);stroke-width:1;opacity:.55}
svg .limit{stroke:var(--muted);stroke-width:1;stroke-dasharray:3 3;opacity:.8}
.scroll{overflow-x:auto}
.scroll>svg.wide{min-width:860px}
.trust{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:12px 24px;margin:18px 0 0;padding:14px 16px;background:var(--faint);border-radius:6px;font-size:13px}
.trust strong{display:block;font-size:13px}
.trust .wide{grid-column:1/-1}
.trust ul{margin:2px 0 0;padding-left:18px}
.mark{font-weight:650}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(168px,1fr));gap:18px 24px;margin:22px 0 0}
.tile .value{font-size:22px;line-height:1.25;font-weight:600;letter-spacing:-.01em}
.tile .value small{font-size:14px;font-weight:600}
.tile .what{font-size:13px;color:var(--muted)}
.tile .more{font-size:12px;color:var(--muted)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:6px 0 10px;font-size:12px;color:var(--muted)}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;vertical-align:-1px}
table{border-collapse:collapse;width:100%;font-size:12px;line-height:1.35}
th,td{padding:3px 7px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--faint)}
th{white-space:normal;word-break:keep-all;font-weight:600;color:var(--muted);border-bottom:1px solid var(--line);vertical-align:bottom}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
td.l,th.l{text-align:left}
td.name{white-space:normal;min-width:8em}
td.w{white-space:normal;text-align:left;min-width:16em}
tr.sum td{border-top:1px solid var(--line);border-bottom:0;font-weight:650}
td i{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px}
code{font:12px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.tables{display:grid;gap:22px}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 18px;margin:0;font-size:13px}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:820px){main{padding:20px 16px 32px}.half,.third{grid-column:span 12}.trust{grid-template-columns:1fr}h1{font-size:22px}.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:14px 16px}.tile .value{font-size:17px}section{margin-top:26px}}
@media print{@page{size:A4;margin:12mm}body{background:none;font-size:11px}main{padding:0;max-width:none}section{break-inside:auto;margin-top:20px}figure,tr,.trust{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}.scroll>svg.wide{min-width:0}table{font-size:8.5px}th,td{padding:2px 4px}}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assigned_colour_exists() {
        for (name, key) in ASSIGNED {
            assert!(TOKENS.iter().any(|t| t.key == key), "{name} {key}");
        }
        for key in FALLBACKS {
            assert!(TOKENS.iter().any(|t| t.key == key), "{key}");
        }
    }

    #[test]
    fn no_two_names_share_a_colour() {
        let palette =
            Palette::new(["halite", "halite 2", "carnallite", "my own", "another"].into_iter());
        let mut colours: Vec<String> = palette.names().iter().map(|n| palette.color(n)).collect();
        colours.sort();
        colours.dedup();
        assert_eq!(colours.len(), 5);
    }
}
