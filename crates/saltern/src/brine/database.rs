//! `brine database`: what a database holds, its ranges, its sources, what is missing.

use saltern_brine::assay::known_to;
use saltern_brine::assembly::kind_name;
use saltern_brine::database::{Database, Interaction, Provenance, REFERENCE_TEMPERATURE_K};
use saltern_brine::description::{MissingParameter, describe};
use saltern_brine::properties::molar_volume_m3_mol;
use saltern_brine::water::Water;
use saltern_units::Lang;

use crate::args::DatabaseArgs;
use crate::failure::Failure;
use crate::line::Line;
use crate::output::Output;
use crate::{database, talk};

const HEADER: &str =
    "kind,what,value at 25 degC,temperature from [degC],temperature to [degC],source,note\n";

/// Runs the command.
pub(crate) fn run(args: &DatabaseArgs, lang: Lang) -> Result<(), Failure> {
    let database = database::open(&args.database)?;
    let mut output = Output::open(args.output.as_deref())?;
    output.write(HEADER.as_bytes())?;
    output.write(&rows(&database))?;
    output.finish()?;
    talk(&summary(&database, lang));
    Ok(())
}

fn rows(database: &Database) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut row = |kind: &str, what: &str, value: f64, provenance: &Provenance| {
        let mut line = Line::new(&mut bytes);
        line.text(kind);
        line.text(what);
        line.number(value);
        line.number(provenance.temperature_k_min.map_or(f64::NAN, degc));
        line.number(provenance.temperature_k_max.map_or(f64::NAN, degc));
        let source = provenance.source.and_then(|i| database.sources.get(i));
        line.text(source.map_or("", |s| {
            if s.reference.is_empty() {
                &s.key
            } else {
                &s.reference
            }
        }));
        line.text(&provenance.note);
        line.end();
    };
    for s in &database.species {
        row(
            "species, log10 K",
            &s.name,
            s.log_k.at(REFERENCE_TEMPERATURE_K),
            &s.provenance,
        );
    }
    for (kind, what, value, source) in properties(database) {
        let origin = Provenance {
            source,
            ..Provenance::default()
        };
        row(kind, what, value, &origin);
    }
    for m in &database.minerals {
        let what = format!("{} {}", m.name, m.formula_text);
        row(
            "mineral, log10 K",
            what.trim(),
            m.log_k.at(REFERENCE_TEMPERATURE_K),
            &m.provenance,
        );
    }
    for i in &database.interactions {
        row(
            kind_name(i.kind),
            &names(database, i),
            i.at(REFERENCE_TEMPERATURE_K),
            &i.provenance,
        );
    }
    let nothing = Provenance::default();
    for gap in describe(database).missing {
        if gap.between_components {
            let kind = format!("missing, {}", gap.kind);
            row(&kind, &gap.species.join(" "), f64::NAN, &nothing);
        }
    }
    bytes
}

/// Molar volume and heat capacity at infinite dilution and the viscosity B coefficient, at 25 °C.
fn properties(
    database: &Database,
) -> impl Iterator<Item = (&'static str, &str, f64, Option<usize>)> {
    let water = Water::at(REFERENCE_TEMPERATURE_K);
    database.species.iter().flat_map(move |s| {
        let volume = s.volume.map(|terms| {
            1e6 * molar_volume_m3_mol(&terms, s.charge, &water, REFERENCE_TEMPERATURE_K, 0.0)
        });
        let viscosity = s
            .viscosity
            .map(|[b0, b1, b2, ..]| b0 + b1 * (-25.0 * b2).exp());
        let heat = s
            .heat_capacity
            .map(|terms| terms.at(REFERENCE_TEMPERATURE_K));
        let kinds = [
            ("species, molar volume [cm3/mol]", volume),
            ("species, viscosity B [kg/mol]", viscosity),
            ("species, heat capacity [J/mol/K]", heat),
        ];
        let known = kinds.into_iter().zip(s.property_sources);
        known.filter_map(|((kind, value), source)| Some((kind, s.name.as_str(), value?, source)))
    })
}

fn degc(kelvin: f64) -> f64 {
    ((kelvin - 273.15) * 1e6).round() / 1e6
}

fn names(database: &Database, interaction: &Interaction) -> String {
    let (a, b, c) = interaction.species;
    let all = [Some(a), Some(b), c];
    let names: Vec<&str> = all
        .iter()
        .flatten()
        .map(|&s| database.species[s].name.as_str())
        .collect();
    names.join(" ")
}

/// The gaps of a kind between components, by the first of the species (the first two of a ψ): `Li+ with CO3-2, Br-`.
fn partners(missing: &[MissingParameter], kind: &str, lang: Lang) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for gap in missing {
        let Some((last, first)) = gap.species.split_last() else {
            continue;
        };
        if gap.kind != kind || !gap.between_components {
            continue;
        }
        let first = first.join("–");
        match groups.iter_mut().find(|(group, _)| *group == first) {
            Some((_, partners)) => partners.push(last),
            None => groups.push((first, vec![last])),
        }
    }
    let line = |(first, partners): (String, Vec<&str>)| {
        let with = lang.list(&partners);
        lang.pick(format!("{first} with {with}"), format!("{first} 与 {with}"))
    };
    groups.into_iter().map(line).collect()
}

/// What a person wants to know first.
fn summary(database: &Database, lang: Lang) -> String {
    let about = describe(database);
    let (components, species, minerals) = (
        about.components.len(),
        about.species.len(),
        about.minerals.len(),
    );
    let counts: Vec<String> = about
        .parameters
        .iter()
        .map(|p| format!("{} {}", p.kind, p.count))
        .collect();
    let constant: Vec<&str> = about
        .minerals
        .iter()
        .filter(|m| !m.temperature_dependent)
        .map(|m| m.name.as_str())
        .collect();
    let names: Vec<&str> = about.minerals.iter().map(|m| m.name.as_str()).collect();
    let mut lines = vec![lang.pick(
        format!(
            "{}: {components} components, {species} species, {minerals} minerals",
            about.name
        ),
        format!(
            "{}：{components} 个组分，{species} 个物种，{minerals} 种矿物",
            about.name
        ),
    )];
    let mut say = |en: &str, zh: &str, items: &str| {
        if !items.is_empty() {
            lines.push(lang.pick(format!("{en}: {items}"), format!("{zh}：{items}")));
        }
    };
    say(
        "assay components",
        "分析组分",
        &lang.list(&known_to(database)),
    );
    say("parameters", "参数", &lang.list(&counts));
    say("minerals", "矿物", &lang.list(&names));
    say(
        "log K without temperature dependence",
        "log K 不随温度变化",
        &lang.list(&constant),
    );
    for (kind, en, zh) in [
        (
            "B0",
            "no B0, B1 or B2, taken as zero",
            "缺少 B0、B1、B2，按零计",
        ),
        ("THETA", "no THETA, taken as zero", "缺少 THETA，按零计"),
        ("PSI", "no PSI, taken as zero", "缺少 PSI，按零计"),
        ("LAMBDA", "no LAMBDA, taken as zero", "缺少 LAMBDA，按零计"),
    ] {
        say(
            en,
            zh,
            &partners(&about.missing, kind, lang).join(lang.pick("; ", "；")),
        );
    }
    let minor = about.missing.iter().filter(|m| !m.between_components);
    let minor = minor.count();
    if minor > 0 {
        say(
            "no parameter with a minor species (complexes, hydrogen, hydroxide), taken as zero",
            "与次要物种（络合物、氢离子、氢氧根）之间缺少参数，按零计",
            &minor.to_string(),
        );
    }
    for gap in &about.without {
        let (en, zh) = match gap.property {
            "volume" => ("no molar volume, counts as nothing", "缺少摩尔体积，按零计"),
            "viscosity" => ("no viscosity terms", "缺少黏度参数"),
            "solid" => ("no solid holds", "没有任何固相含有"),
            _ => ("no heat capacity", "缺少热容"),
        };
        say(en, zh, &lang.list(&gap.species));
    }
    say("left out", "未采用", &about.left_out.join("; "));
    for source in about.sources.iter().filter(|s| s.uses > 0) {
        say(
            &source.key,
            &source.key,
            &format!("{} ({})", source.reference, source.uses),
        );
    }
    lines.join("\n")
}
