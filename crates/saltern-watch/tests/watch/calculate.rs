//! Formulas over tags: units, quality, windows, order, rings; and any text at all.

use proptest::prelude::*;
use saltern_base::tags::{Tags, read};
use saltern_samples::{Quality, Reading, Sample, TagId};
use saltern_watch::alarm::{Act, Deed, Event, Phase, Settings};
use saltern_watch::calculate::{Calculator, Program};
use saltern_watch::watch::{Outcome, Saved};
use saltern_watch::{Lang, Watch};

const S: i64 = 1_000_000;

/// A base of tags a, b [m], m [kg], t, u [degC], k [K], x [1], and one calculated tag y in a unit.
fn base(unit: &str, formula: &str) -> Tags {
    folder(
        &format!("y,c,{unit},calculated\n"),
        &format!("y,\"{}\"\n", formula.replace('"', "\"\"")),
        "",
    )
}

const ALARM_HEAD: &str =
    "id,tag,kind,limit,suppress_when,cause,cause_zh,consequence,consequence_zh,action,action_zh\n";

fn folder(tags: &str, formulas: &str, alarms: &str) -> Tags {
    let given = format!(
        "id,asset,unit,source\na,c,m,lab\nb,c,cm,lab\nm,c,kg,lab\nt,c,degC,lab\nu,c,degC,lab\nk,c,K,lab\nx,c,1,lab\n{tags}"
    );
    let alarms = format!("{ALARM_HEAD}high,a,high,10,,a,甲,b,乙,c,丙\n{alarms}");
    let live = read(&|file| match file {
        "assets.csv" => Some("id,level\nc,unit\n".into()),
        "tags.csv" => Some(given.clone()),
        "calculated.csv" if !formulas.is_empty() => Some(format!("tag,expression\n{formulas}")),
        "alarms.csv" => Some(alarms.clone()),
        _ => None,
    });
    live.expect("a folder that can be read")
}

fn fault(unit: &str, formula: &str) -> String {
    let errors = Program::of_base(&base(unit, formula)).expect_err(formula);
    assert_eq!(errors.len(), 1);
    assert!(
        !errors[0].text(Lang::Zh).contains('{'),
        "{}",
        errors[0].text(Lang::Zh)
    );
    let said = errors[0].to_string();
    let place = "calculated.csv, row 2, column expression: ";
    assert!(said.starts_with(place), "{said}");
    said[place.len()..].into()
}

/// Value of the formula for a = 2 m, b = 50 cm, m = 4 kg, t = 25 °C, u = 15 °C, k = 300 K, x = 1.
fn value(unit: &str, formula: &str) -> Sample {
    let program = Program::of_base(&base(unit, formula))
        .map_err(|errors| errors[0].to_string())
        .expect(formula);
    let mut calculator = Calculator::new(program);
    for (i, value) in [2.0, 50.0, 4.0, 25.0, 15.0, 300.0, 1.0]
        .into_iter()
        .enumerate()
    {
        calculator.take(TagId(i as u32), &Sample::good(S, value));
    }
    let mut readings = Vec::new();
    calculator.settle(S, &mut readings, &mut Vec::new());
    readings.last().expect("a value").sample
}

#[test]
fn units_are_converted_and_values_are_those_of_arithmetic() {
    let is = |unit, formula, expected: f64| {
        let found = value(unit, formula);
        assert!(
            (found.value - expected).abs() < 1e-9 * expected.abs().max(1.0),
            "{formula}: {found:?}"
        );
        assert_eq!(found.quality, Quality::GOOD, "{formula}");
    };
    is("m", "a + b", 2.5);
    is("mm", "a - 2 * b", 1000.0);
    is("cm", "a * m / 4 [kg] ^ 2 * 1 [kg]", 50.0);
    is("m", "sqrt(a ^ 2 + b ^ 2)", (4.0f64 + 0.25).sqrt());
    is("m3", "a * a * b", 2.0);
    is("kg/m3", "m / a ^ 3", 0.5);
    is("t/d", "m / 1 [s]", 345.6);
    is("1", "if(a > 100 [cm] and not x == 0, 3, 4)", 3.0);
    is("1", "a > b", 1.0);
    is("1", "exp(ln(x + 1))", 2.0);
    is(
        "m",
        "clamp(a, 0 [m], 1 [m]) + min(a, b) + max(a, b) + mean(a, b)",
        1.0 + 0.5 + 2.0 + 1.25,
    );
    is("m", "abs(b - a)", 1.5);
    is("degC", "mean(t, u)", 20.0);
    is("degC", "t + 5 [K]", 30.0);
    is("K", "t - u", 10.0);
    is("degC", "k", 26.85);
    is("1", "(t - 0 [degC]) / 5 [K]", 5.0);
    is("m", "2 m ^ 1", 2.0);
    is("s", "1 h", 3600.0);
}

#[test]
fn what_makes_no_sense_is_refused_with_what_and_where() {
    let says = |unit, formula, expected: &str| {
        let said = fault(unit, formula);
        assert!(said.contains(expected), "{formula}: {said}");
    };
    says("m", "a + m", "“+” of unlike things: a in m, m in kg");
    says(
        "m",
        "max(a, m * x)",
        "“max” of unlike things: a in m, m * x in kg",
    );
    says("1", "a < m", "“<” of unlike things");
    says("m", "a * b", "the formula gives m2 and the tag is in m");
    says("m", "aa", "there is no tag “aa” (did you mean “a”?)");
    says(
        "m",
        "sqr(a)",
        "there is no function “sqr” (did you mean “sqrt”?)",
    );
    says("m", "if(a, b)", "accepted: if(condition, a, b)");
    says("m", "if(x, a, b)", "“x” is a number");
    says("m", "a * (a > b)", "“a > b” is a condition");
    says("m", "1 [furlong] + a", "the unit “furlong” is not known");
    says("m", "a ^ x", "“a ^ x” has no unit");
    says("m", "sqrt(a)", "has no unit");
    says("1", "exp(a)", "“a” has the unit m");
    says("degC", "t + u", "“+” of unlike things");
    says("degC", "t * 2", "“t” is a temperature on a scale");
    says(
        "degC",
        "t - u",
        "the formula gives ΔK and the tag is in degC",
    );
    says("m", "avg(a + b, 1 h)", "accepted: avg(tag, 1 h)");
    says("m", "avg(a, 1 m)", "accepted: avg(tag, 1 h)");
    says("m", "avg(a, x)", "accepted: avg(tag, 1 h)");
    says(
        "1",
        "alarm(hih)",
        "there is no alarm “hih” (did you mean “high”?)",
    );
    says("m", "sum(i in s: a)", "there is no function “sum”");
    says("m", "y + a", "made of each other: y → y");
}

#[test]
fn a_ring_is_named_and_chains_are_put_in_order() {
    let tags = "p,c,m,calculated\nq,c,m,calculated\nr,c,m,calculated\n";
    let errors =
        Program::of_base(&folder(tags, "p,q + a\nq,2 * r\nr,p\n", "")).expect_err("a ring");
    assert!(
        errors[0]
            .to_string()
            .ends_with("made of each other: p → q → r → p"),
        "{}",
        errors[0]
    );
    let live = folder(tags, "p,q + a\nq,2 * r\nr,b\n", "");
    let mut calculator = Calculator::new(Program::of_base(&live).expect("a chain"));
    let mut readings = Vec::new();
    calculator.take(TagId(1), &Sample::good(0, 100.0));
    calculator.take(TagId(0), &Sample::good(5, 7.0));
    calculator.settle(S, &mut readings, &mut Vec::new());
    let told: Vec<(u32, f64, i64)> = readings
        .iter()
        .map(|r| (r.tag.0, r.sample.value, r.sample.time_us))
        .collect();
    assert_eq!(told, [(9, 1.0, 0), (8, 2.0, 0), (7, 9.0, 5)]);
    // Only what hangs on what came.
    readings.clear();
    calculator.take(TagId(0), &Sample::good(6, 8.0));
    calculator.take(TagId(2), &Sample::good(6, 8.0));
    calculator.settle(S, &mut readings, &mut Vec::new());
    assert_eq!(readings.len(), 1);
    readings.clear();
    calculator.settle(S, &mut readings, &mut Vec::new());
    assert!(readings.is_empty());
}

#[test]
fn a_result_is_worth_the_least_of_what_it_is_made_of() {
    let qualities = |formula: &str, a: Quality, b: Quality| {
        let mut calculator = Calculator::new(Program::of_base(&base("m", formula)).expect(formula));
        calculator.take(
            TagId(0),
            &Sample {
                time_us: 0,
                value: 2.0,
                quality: a,
            },
        );
        calculator.take(
            TagId(1),
            &Sample {
                time_us: 0,
                value: 100.0,
                quality: b,
            },
        );
        let mut readings = Vec::new();
        calculator.settle(S, &mut readings, &mut Vec::new());
        readings[0].sample.quality
    };
    let sum = "a + b";
    assert_eq!(qualities(sum, Quality::GOOD, Quality::GOOD), Quality::GOOD);
    assert_eq!(
        qualities(sum, Quality::GOOD_OVERRIDE, Quality::GOOD),
        Quality::GOOD
    );
    assert_eq!(
        qualities(sum, Quality::GOOD, Quality::LAST_USABLE),
        Quality::ESTIMATED
    );
    assert_eq!(
        qualities(sum, Quality::INACCURATE, Quality::COMM_FAILURE),
        Quality::COMM_FAILURE
    );
    // What isn't chosen doesn't count, and one side may decide alone.
    assert_eq!(
        qualities("if(a > 1 m, a, b)", Quality::GOOD, Quality::BAD),
        Quality::GOOD
    );
    assert_eq!(
        qualities("if(b > 1 m, a, a)", Quality::GOOD, Quality::BAD),
        Quality::BAD
    );
    assert_eq!(
        qualities("if(a > 1 m or b > 1 m, a, a)", Quality::GOOD, Quality::BAD),
        Quality::GOOD
    );
    assert_eq!(
        qualities("if(a > 9 m and b > 1 m, a, a)", Quality::GOOD, Quality::BAD),
        Quality::GOOD
    );
    assert_eq!(
        qualities("if(a > 9 m or b > 1 m, a, a)", Quality::GOOD, Quality::BAD),
        Quality::BAD
    );
    // No number, no value.
    assert_eq!(
        qualities("a / (b - 1 m) * 1 m", Quality::GOOD, Quality::GOOD),
        Quality::BAD
    );
    assert_eq!(
        qualities("clamp(a, 2 m, 1 m)", Quality::GOOD, Quality::GOOD),
        Quality::BAD
    );
}

#[test]
fn the_last_good_value_outlives_a_gap() {
    let mut calculator = Calculator::new(Program::of_base(&base("m", "last_good(a)")).expect("y"));
    let mut readings = Vec::new();
    calculator.take(TagId(0), &Sample::good(0, 2.0));
    calculator.settle(S, &mut readings, &mut Vec::new());
    calculator.take(TagId(0), &Sample::gap(S, Quality::COMM_FAILURE));
    calculator.settle(S, &mut readings, &mut Vec::new());
    let told: Vec<(f64, Quality)> = readings
        .iter()
        .map(|r| (r.sample.value, r.sample.quality))
        .collect();
    assert_eq!(told, [(2.0, Quality::GOOD), (2.0, Quality::ESTIMATED)]);
}

/// The last value of a formula after samples of a (second, value; NaN for a gap).
fn after(unit: &str, formula: &str, samples: impl IntoIterator<Item = (i64, f64)>) -> Sample {
    let mut calculator = Calculator::new(Program::of_base(&base(unit, formula)).expect(formula));
    let mut readings = Vec::new();
    for (at, value) in samples {
        let sample = match value.is_nan() {
            true => Sample::gap(at * S, Quality::COMM_FAILURE),
            false => Sample::good(at * S, value),
        };
        calculator.take(TagId(0), &sample);
        calculator.settle(S, &mut readings, &mut Vec::new());
    }
    readings.last().expect("a value").sample
}

#[test]
fn means_slopes_and_changes_are_those_of_the_curve() {
    // 2 m for 40 min, then 5 m for 20 min: 3 m over the hour.
    let step = [(0, 2.0), (2400, 5.0), (3600, 5.0)];
    let mean = after("m", "avg(a, 1 h)", step);
    assert!((mean.value - 3.0).abs() < 1e-12, "{mean:?}");
    assert_eq!(mean.quality, Quality::GOOD);
    // A gap of 20 minutes counts for nothing: (2·20 + 5·20)/40.
    let gap = after(
        "m",
        "avg(a, 1 h)",
        [(0, 2.0), (1200, f64::NAN), (2400, 5.0), (3600, 5.0)],
    );
    assert!((gap.value - 3.5).abs() < 1e-12, "{gap:?}");
    let short = after("m", "avg(a, 1 h)", [(0, 2.0), (60, 2.0)]);
    assert_eq!((short.value, short.quality), (2.0, Quality::ESTIMATED));
    // A ramp of 1 mm a second: its slope, its rise over ten minutes, and its mean half of that behind.
    let ramp = || (0..7200).map(|at| (at, 0.001 * at as f64));
    let slope = after("mm/h", "rate(a, 10 min)", ramp());
    assert!((slope.value - 3600.0).abs() < 1e-6, "{slope:?}");
    let rise = after("m", "delta(a, 10 min)", ramp());
    assert!((rise.value - 0.6).abs() < 0.6 / 100.0, "{rise:?}");
    let mean = after("m", "avg(a, 10 min)", ramp());
    assert!((mean.value - (7.199 - 0.3005)).abs() < 1e-4, "{mean:?}");
    // Nothing is said about what hasn't been seen.
    assert_eq!(
        after("mm/h", "rate(a, 10 min)", ramp().take(100)).quality,
        Quality::BAD
    );
    assert_eq!(
        after("m", "delta(a, 10 min)", ramp().take(500)).quality,
        Quality::BAD
    );
}

#[test]
fn the_formulas_of_the_example_make_sense() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan");
    let live = read(&|file| std::fs::read_to_string(path.join(file)).ok()).expect("the example");
    let program = Program::of_base(&live)
        .map_err(|errors| errors[0].to_string())
        .expect("formulas");
    assert!(program.len() > 60);
}

/// A pump that stands has no flow and no alarm; one that runs without flow has both.
#[test]
fn alarms_and_formulas_hear_of_each_other() {
    let tags = "flow,c,m3/h,lab\nstate,c,1,lab\nboth,c,1,calculated\n";
    let alarms = "idle,flow,low,5,state != 1,a,甲,b,乙,c,丙\nout,both,state,1,,a,甲,b,乙,c,丙\nafter,flow,low,5,alarm(idle),a,甲,b,乙,c,丙\n";
    let live = folder(tags, "both,alarm(idle) and state == 1\n", alarms);
    let mut watch = Watch::new(&live, Settings::default(), 0).expect("a watch");
    let mut outcome = Outcome::default();
    let [flow, state] = [7, 8].map(TagId);
    let at = |tag, s: i64, value| Reading {
        tag,
        sample: Sample::good(s * S, value),
    };
    // Alarms: 0 high, 1 idle, 2 out, 3 after.
    let phase = |watch: &Watch, alarm| watch.board().state(alarm).expect("an alarm");
    watch.take(&[at(flow, 1, 0.0), at(state, 1, 0.0)], S, &mut outcome);
    assert!(phase(&watch, 1).suppressed && phase(&watch, 1).phase == Phase::Unacknowledged);
    assert!(phase(&watch, 3).suppressed, "a consequence of the other");
    let asked: Vec<_> = outcome
        .journal
        .iter()
        .filter(|e| e.announced)
        .filter_map(|e| e.alarm)
        .collect();
    assert_eq!(asked, [3], "it asked before the other was known");
    outcome.clear();
    watch.take(&[at(state, 2, 1.0)], 2 * S, &mut outcome);
    assert!(!phase(&watch, 1).suppressed);
    assert_eq!(phase(&watch, 1).phase, Phase::Unacknowledged, "now it asks");
    assert_eq!(phase(&watch, 2).phase, Phase::Unacknowledged);
    assert_eq!(outcome.calculated.last().map(|r| r.sample.value), Some(1.0));
    let act = Act {
        who: "li",
        why: "valve opened",
    };
    watch
        .act(1, Deed::Acknowledge, &act, 3 * S, &mut outcome)
        .expect("a deed");
    // Put to disk and taken up again, it goes on as it was.
    let text = serde_json::to_string(&watch.saved()).expect("a text");
    let saved: Saved = serde_json::from_str(&text).expect("a state");
    let (mut again, gone) =
        Watch::restored(&live, Settings::default(), saved, 3 * S).expect("a watch");
    assert!(gone.is_empty());
    for watch in [&mut watch, &mut again] {
        outcome.clear();
        watch.take(&[at(flow, 4, 50.0)], 4 * S, &mut outcome);
        let told: Vec<_> = outcome.journal.iter().map(|e| (e.alarm, e.event)).collect();
        assert!(
            told.contains(&(Some(1), Event::Cleared)) && told.contains(&(Some(2), Event::Cleared)),
            "{told:?}"
        );
        assert_eq!(phase(watch, 1).phase, Phase::Normal);
    }
}

/// Texts like formulas, and others.
fn texts() -> impl Strategy<Value = String> {
    let words = vec![
        "a",
        "b",
        "m",
        "t",
        "x",
        "y",
        "1",
        "0",
        "2.5",
        "1 h",
        "3 [mm/d]",
        "25 [degC]",
        "1e300",
        "+",
        "-",
        "*",
        "/",
        "^",
        "(",
        ")",
        ",",
        "<",
        ">=",
        "==",
        "and",
        "or",
        "not",
        "if(",
        "avg(a, 1 h)",
        "rate(a, 1 min)",
        "delta(b, 1 d)",
        "min(",
        "clamp(",
        "sqrt(",
        "ln(",
        "exp(",
        "last_good(",
        "alarm(high)",
        "mean(",
        "abs(",
    ];
    let formula = proptest::collection::vec(proptest::sample::select(words), 1..16);
    prop_oneof![formula.prop_map(|words| words.join(" ")), "[ -~°中]{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    /// Any text is refused or evaluated, with any values, without panic; a usable result is a number.
    #[test]
    fn any_formula_is_refused_or_has_a_value(
        text in texts(),
        unit in proptest::sample::select(vec!["1", "m", "kg", "degC", "K"]),
        values in proptest::collection::vec((0..7u32, any::<f64>(), any::<u8>(), 0..1000i64), 0..20),
    ) {
        let Ok(formula) = saltern_units::formula::Formula::read_with_conditions(&text) else { return Ok(()) };
        let mut live = base(unit, "1");
        live.calculated[0].formula = formula;
        let Ok(program) = Program::of_base(&live) else { return Ok(()) };
        let mut calculator = Calculator::new(program);
        let mut readings = Vec::new();
        for (tag, value, quality, at) in values {
            let sample = Sample { time_us: at * S, value, quality: Quality::from_byte(quality) };
            calculator.take(TagId(tag), &sample);
            calculator.settle(S, &mut readings, &mut Vec::new());
        }
        for reading in readings {
            prop_assert_eq!(reading.sample.quality.is_usable(), reading.sample.value.is_finite());
        }
    }

    /// A window against sums over all that it was given.
    #[test]
    fn a_mean_is_that_of_all_samples(steps in proptest::collection::vec((1..40i64, -5.0..5.0f64), 2..60)) {
        let mut at = 0;
        let samples: Vec<(i64, f64)> = steps.iter().map(|(gap, value)| { at += gap; (at, *value) }).collect();
        let end = samples[samples.len() - 1].0;
        let (mut integral, mut time) = (0.0, 0.0);
        for pair in samples.windows(2) {
            let from = pair[0].0.max(end - 600);
            let held = (pair[1].0 - from).max(0) as f64;
            integral += pair[0].1 * held;
            time += held;
        }
        let found = after("m", "avg(a, 10 min)", samples.iter().copied());
        // The far edge may be off by a piece of the window.
        prop_assert!((found.value - integral / time).abs() < 10.0 / 128.0 * 2.0, "{} {}", found.value, integral / time);
        if end <= 600 {
            prop_assert!((found.value - integral / time).abs() < 1e-9);
        }
    }
}
