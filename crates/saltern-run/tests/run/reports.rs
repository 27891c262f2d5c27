//! The report: whole, self-contained, in both languages, and honest when something is missing.

use std::path::Path;

use saltern_run::folder::{self, WriteOptions};
use saltern_run::{RunContents, columns, report};
use saltern_units::Lang;

use crate::fixture;

fn html(run: &RunContents, lang: Lang) -> String {
    report::html(run, lang).unwrap()
}

#[test]
fn it_is_self_contained_in_both_languages() {
    let run = fixture::run(366);
    for (lang, code, title) in [
        (Lang::En, "en", "Where the elements went"),
        (Lang::Zh, "zh-CN", "元素去向"),
    ] {
        let page = html(&run, lang);
        // Kept to be looked at in a browser, and with other readers of Parquet.
        let options = WriteOptions {
            overwrite: true,
            lang,
            ..WriteOptions::default()
        };
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("run.{code}"));
        folder::write(&kept, &run, &options).unwrap();
        assert!(page.contains(&format!("<html lang=\"{code}\">")));
        assert!(page.contains(title));
        for outside in ["http://", "https://", "<script", "src=", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        for slip in ["NaN", "inf ", "{unit}", "{element}"] {
            assert!(!page.contains(slip), "{slip}");
        }
        for pond in &run.base.ponds {
            assert!(page.contains(&pond.id), "{}", pond.id);
        }
        assert!(page.len() < 1_500_000, "{}", page.len());
    }
}

#[test]
fn what_is_not_measured_is_said_before_any_figure() {
    let run = fixture::run(30);
    let page = html(&run, Lang::En);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(at("synthetic, generated from normals.csv (seed 7)") < at("class=\"tiles\""));
    assert!(at("Every number of this base is invented for tests.") < at("class=\"tiles\""));
    let mut open = run.clone();
    open.meta.closure.insert("K".into(), 3e-4);
    open.meta.failures = 5;
    let page = html(&open, Lang::En);
    assert!(page.contains("does not close") && page.contains("3.0×10⁻⁴"));
    assert!(page.contains("5 of 1440 failed"));
}

#[test]
fn a_run_without_series_still_reports_its_book() {
    let mut run = fixture::run(30);
    run.series.clear();
    run.notices.clear();
    for lang in [Lang::En, Lang::Zh] {
        let page = html(&run, lang);
        assert!(page.contains(lang.pick("This run holds no series", "本次运行不含")));
        assert!(!page.contains("NaN"));
    }
}

#[test]
fn odd_runs_are_drawn_without_nonsense() {
    use saltern_base::frame::Values;
    let mut run = fixture::run(2);
    // No outlines, dry ponds, a name that is markup, a stage nobody knows.
    for pond in &mut run.base.ponds {
        pond.outline_m.clear();
        pond.stage = "my <own> stage".into();
        pond.name.zh = "<script>alert(1)</script>".into();
    }
    for column in &mut run.series[0].columns {
        let Values::Number(v) = &mut column.values else {
            continue;
        };
        if column.unit == columns::CONCENTRATION_UNIT || column.name == "water_activity" {
            v.fill(f64::NAN);
        } else if column.name == "depth" {
            v.fill(0.0);
        }
    }
    for lang in [Lang::En, Lang::Zh] {
        let page = html(&run, lang);
        assert!(!page.contains("NaN") && !page.contains("<script"));
        assert!(page.contains(lang.pick("drawn as boxes", "以方框示意")));
    }
    run.base.ponds.clear();
    assert!(!html(&run, Lang::En).contains("NaN"));
}
