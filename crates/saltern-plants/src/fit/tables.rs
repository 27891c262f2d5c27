//! A fit as tables.

use saltern_base::frame::{Column, Frame, Values};
use saltern_numerics::profile::End;
use saltern_units::Lang;

use super::study::Study;

/// Numbers; what is not finite is missing.
fn number(name: &str, unit: &str, values: impl IntoIterator<Item = f64>) -> Column {
    let blank = |v: f64| if v.is_finite() { v } else { f64::NAN };
    Column::numbers(name, unit, values.into_iter().map(blank))
}

fn integer(name: &str, values: impl IntoIterator<Item = usize>) -> Column {
    let whole = |v| i64::try_from(v).unwrap_or(i64::MAX);
    let values = values.into_iter().map(whole).collect();
    Column::new(name, "", Values::Integer(values))
}

/// Where an end of a profile stands, in a word.
fn end(end: End) -> String {
    match end {
        End::Reached => "reached",
        End::Bound => "bound",
        End::NoValue => "no steady state beyond",
        End::Open => "open",
    }
    .to_owned()
}

/// All tables of a study.
pub fn frames(study: &Study<'_, '_>, lang: Lang) -> Vec<Frame> {
    vec![
        parameters(study),
        runs(study),
        correlation(study),
        profile(study),
        identifiability(study),
        residuals(study),
        agreement(study),
        bands(study, lang),
        next(study),
    ]
}

/// Parameters in their own units, with both intervals.
pub fn parameters(study: &Study<'_, '_>) -> Frame {
    let fit = &study.fit;
    let unknowns = || study.model.unknowns[..fit.parameters].iter().enumerate();
    let own = |name: &str, value: &dyn Fn(usize) -> f64| {
        number(name, "", unknowns().map(|(k, u)| u.unit.from_si(value(k))))
    };
    let prior = |k: usize| study.model.unknowns[k].prior;
    Frame::new(
        "parameters",
        vec![
            Column::texts("parameter", unknowns().map(|(_, u)| u.path.clone())),
            Column::texts("unit", unknowns().map(|(_, u)| u.unit.symbol.to_owned())),
            own("first", &|k| study.model.unknowns[k].first),
            own("estimate", &|k| fit.x()[k]),
            number(
                "standard_error",
                "",
                unknowns().map(|(k, u)| u.unit.from_si(fit.deviation(k)) - u.unit.from_si(0.0)),
            ),
            own("low", &|k| fit.interval(k).0),
            own("high", &|k| fit.interval(k).1),
            own("profile_low", &|k| study.profiles[k].interval.0),
            own("profile_high", &|k| study.profiles[k].interval.1),
            Column::texts(
                "profile_low_is",
                unknowns().map(|(k, _)| end(study.profiles[k].ends.0)),
            ),
            Column::texts(
                "profile_high_is",
                unknowns().map(|(k, _)| end(study.profiles[k].ends.1)),
            ),
            own("lower", &|k| study.model.unknowns[k].bounds.0),
            own("upper", &|k| study.model.unknowns[k].bounds.1),
            own("prior", &|k| prior(k).map_or(f64::NAN, |(mean, _)| mean)),
            number(
                "prior_sd",
                "",
                unknowns().map(|(k, u)| {
                    prior(k).map_or(f64::NAN, |(_, sd)| u.unit.from_si(sd) - u.unit.from_si(0.0))
                }),
            ),
            Column::texts(
                "at_bound",
                unknowns()
                    .map(|(k, _)| if fit.minimum.at_bound[k] { "yes" } else { "" }.to_owned()),
            ),
        ],
    )
}

/// What single runs know with an error only, as stated and as the fit has it.
fn runs(study: &Study<'_, '_>) -> Frame {
    let fit = &study.fit;
    let own = || {
        let all = study.model.unknowns.iter().enumerate();
        all.filter_map(|(k, u)| Some((k, u, u.run?, u.prior?)))
    };
    Frame::new(
        "run_settings",
        vec![
            Column::texts(
                "run",
                own().map(|(_, _, r, _)| study.model.pilot.runs[r].id.clone()),
            ),
            Column::texts("setting", own().map(|(_, u, ..)| u.path.clone())),
            Column::texts("unit", own().map(|(_, u, ..)| u.unit.symbol.to_owned())),
            number("stated", "", own().map(|(_, u, _, p)| u.unit.from_si(p.0))),
            number(
                "stated_sd",
                "",
                own().map(|(_, u, _, p)| u.unit.from_si(p.1) - u.unit.from_si(0.0)),
            ),
            number(
                "fitted",
                "",
                own().map(|(k, u, ..)| u.unit.from_si(fit.x()[k])),
            ),
            number(
                "standard_error",
                "",
                own().map(|(k, u, ..)| u.unit.from_si(fit.deviation(k)) - u.unit.from_si(0.0)),
            ),
            number(
                "residual",
                "sd",
                own().map(|(k, _, _, p)| (fit.x()[k] - p.0) / p.1),
            ),
        ],
    )
}

fn correlation(study: &Study<'_, '_>) -> Frame {
    let p = study.fit.parameters;
    let names = || study.model.unknowns[..p].iter().map(|u| u.path.clone());
    let mut columns = vec![Column::texts("parameter", names())];
    for (k, name) in names().enumerate() {
        let column = (0..p).map(|j| study.fit.correlation(j, k));
        columns.push(number(&name, "", column));
    }
    Frame::new("correlation", columns)
}

fn profile(study: &Study<'_, '_>) -> Frame {
    let points = || {
        let all = study.profiles.iter().enumerate();
        all.flat_map(|(k, profile)| profile.points.iter().map(move |point| (k, point)))
    };
    let unknown = |k: usize| &study.model.unknowns[k];
    let mut columns = vec![
        Column::texts("parameter", points().map(|(k, _)| unknown(k).path.clone())),
        Column::texts(
            "unit",
            points().map(|(k, _)| unknown(k).unit.symbol.to_owned()),
        ),
        number(
            "value",
            "",
            points().map(|(k, p)| unknown(k).unit.from_si(p.x)),
        ),
        number("tau", "sd", points().map(|(_, p)| p.tau)),
        number(
            "rise_of_chi_squared",
            "",
            points().map(|(_, p)| p.tau * p.tau * study.fit.variance),
        ),
    ];
    for j in 0..study.fit.parameters {
        let name = format!("{} at best", unknown(j).path);
        let values = points().map(|(_, p)| unknown(j).unit.from_si(p.all[j]));
        columns.push(number(&name, unknown(j).unit.symbol, values));
    }
    Frame::new("profile", columns)
}

fn identifiability(study: &Study<'_, '_>) -> Frame {
    let all = || study.combinations.iter();
    let mut columns = vec![
        number("singular_value", "sd per span", all().map(|c| c.value)),
        Column::texts(
            "determined",
            all().map(|c| if c.is_determined() { "yes" } else { "no" }.to_owned()),
        ),
        Column::texts("combination", all().map(|c| c.text(study.model))),
    ];
    for j in 0..study.fit.parameters {
        let values = all().map(|c| c.direction[j]);
        columns.push(number(&study.model.unknowns[j].path, "", values));
    }
    Frame::new("identifiability", columns)
}

/// Every measurement beside what the model has.
fn residuals(study: &Study<'_, '_>) -> Frame {
    let pilot = &study.model.pilot;
    let all = || pilot.measurements.iter().zip(&study.predictions);
    Frame::new(
        "residuals",
        vec![
            Column::texts("run", all().map(|(m, _)| pilot.runs[m.run].id.clone())),
            Column::texts("place", all().map(|(m, _)| m.at.clone())),
            Column::texts("what", all().map(|(m, _)| m.name.clone())),
            Column::texts("unit", all().map(|(m, _)| m.unit.symbol.to_owned())),
            number("measured", "", all().map(|(m, _)| m.reported(m.measured))),
            number("sd", "", all().map(|(m, _)| m.reported_difference(m.sigma))),
            number("reconciled", "", all().map(|(m, _)| m.reported(m.value))),
            number("model", "", all().map(|(m, f)| m.reported(*f))),
            number(
                "residual",
                "sd",
                all().map(|(m, f)| (f - m.value) / m.sigma),
            ),
            number(
                "raw_residual",
                "sd",
                all().map(|(m, f)| (f - m.measured) / m.sigma),
            ),
            Column::texts(
                "counted",
                all().map(|(m, _)| if m.counted { "yes" } else { "no" }.to_owned()),
            ),
            Column::texts("cell", all().map(|(m, _)| m.place.text(Lang::En))),
        ],
    )
}

fn agreement(study: &Study<'_, '_>) -> Frame {
    let a = &study.agreement;
    let rows = [
        ("model", a.model, Some(a.model.chance())),
        ("pure_error", a.pure, Some(a.pure.chance())),
        ("lack_of_fit", a.lack, a.chance_of_lack),
    ];
    Frame::new(
        "agreement",
        vec![
            Column::texts("what", rows.iter().map(|r| r.0.to_owned())),
            number("chi_squared", "", rows.iter().map(|r| r.1.sum)),
            integer("freedom", rows.iter().map(|r| r.1.freedom)),
            number("chance", "", rows.iter().map(|r| r.2.unwrap_or(f64::NAN))),
        ],
    )
}

fn bands(study: &Study<'_, '_>, lang: Lang) -> Frame {
    let all = || {
        study
            .questions
            .measures
            .iter()
            .zip(&study.bands)
            .enumerate()
    };
    let half = |sigma: f64| study.fit.quantile * sigma;
    let drawn = |k: usize| study.sampled.get(k);
    let of =
        |name: &str, value: &dyn Fn(usize) -> f64| number(name, "", all().map(|(k, _)| value(k)));
    let band = |k: usize| &study.bands[k];
    Frame::new(
        "bands",
        vec![
            Column::texts("measure", all().map(|(_, (m, _))| m.id.clone())),
            Column::texts(
                "name",
                all().map(|(_, (m, _))| lang.pick(&m.name.en, &m.name.zh).clone()),
            ),
            Column::texts(
                "unit",
                all().map(|(_, (m, _))| m.dimension.si().symbol.to_owned()),
            ),
            of("value", &|k| band(k).value),
            of("standard_error", &|k| band(k).sigma),
            of("low", &|k| band(k).value - half(band(k).sigma)),
            of("high", &|k| band(k).value + half(band(k).sigma)),
            of("sampled_low", &|k| {
                drawn(k).map_or(f64::NAN, |s| s.quantiles.0)
            }),
            of("sampled_middle", &|k| {
                drawn(k).map_or(f64::NAN, |s| s.quantiles.1)
            }),
            of("sampled_high", &|k| {
                drawn(k).map_or(f64::NAN, |s| s.quantiles.2)
            }),
            integer(
                "samples",
                all().map(|(k, _)| drawn(k).map_or(0, |s| s.drawn)),
            ),
            integer(
                "without_steady_state",
                all().map(|(k, _)| drawn(k).map_or(0, |s| s.failed)),
            ),
        ],
    )
}

fn next(study: &Study<'_, '_>) -> Frame {
    let chosen = study.questions.measures.get(study.questions.chosen);
    let all = || {
        study
            .gains
            .iter()
            .map(|g| (g, &study.candidates[g.candidate]))
    };
    let reported = |c: &super::next::Candidate, v: f64| c.unit.from_si(v * c.factor);
    Frame::new(
        "next",
        vec![
            Column::texts(
                "narrows",
                all().map(|_| chosen.map_or(String::new(), |m| m.id.clone())),
            ),
            Column::texts("place", all().map(|(_, c)| c.at.clone())),
            Column::texts("what", all().map(|(_, c)| c.name.clone())),
            Column::texts("unit", all().map(|(_, c)| c.unit.symbol.to_owned())),
            number("expected", "", all().map(|(g, c)| reported(c, g.expected))),
            number(
                "sd",
                "",
                all().map(|(g, c)| reported(c, g.sigma) - reported(c, 0.0)),
            ),
            number("band_left", "%", all().map(|(g, _)| 100.0 * g.left)),
            number("information", "ln", all().map(|(g, _)| g.information)),
        ],
    )
}
