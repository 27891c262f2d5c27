use super::*;
use crate::assembly::DatabaseError;
use crate::formula::Formula;
use crate::phases::{self, PhaseError};
use crate::phreeqc;
use crate::thermo::default_database;

/// Both sentences exist, hold no unfilled placeholder and differ; English is what `Display` says.
fn said(error: &(impl Message + std::fmt::Display)) -> &'static str {
    let code = error.code();
    assert!(
        catalogue().entries().iter().any(|e| e.code == code) || code == "database.formula",
        "{code} has no sentence"
    );
    let (en, zh) = (error.text(Lang::En), error.text(Lang::Zh));
    assert!(!en.contains('{') && !zh.contains('{'), "{en} / {zh}");
    assert!(zh.chars().any(is_chinese), "{code}: {zh}");
    assert!(!en.chars().any(is_chinese), "{code}: {en}");
    assert_eq!(en, error.to_string(), "{code}");
    code
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_entry_has_both_languages() {
    for entry in catalogue().entries() {
        assert!(!entry.en.is_empty(), "{}", entry.code);
        assert!(
            entry.zh.chars().any(is_chinese) || entry.code == "phrase.volume_unit",
            "{}",
            entry.code
        );
    }
}

/// A comma in a sentence without quotes once cost the sentence of a system that can't be read.
#[test]
fn every_code_has_its_sentence() {
    let faults = Catalogue::faults(include_str!("../messages.csv"));
    assert!(faults.is_empty(), "{faults:?}");
    let (seen, unsaid) = catalogue().unsaid(&[
        include_str!("../assembly.rs"),
        include_str!("../cautions.rs"),
        include_str!("../diagram/system.rs"),
        include_str!("../equilibrium.rs"),
        include_str!("../formula.rs"),
        include_str!("../phases.rs"),
    ]);
    // What is wrong with a formula in a database is said by the formula's own sentence.
    assert_eq!(unsaid, ["database.formula"]);
    assert!(seen > 30, "{seen}");
}

#[test]
fn formulas_are_refused_in_both_languages() {
    let deep = "(".repeat(40);
    let cases = ["", "Na?", "Xx2", "Na1e999", "Na(OH", deep.as_str()];
    let mut codes: Vec<&str> = cases
        .iter()
        .map(|text| said(&Formula::parse(text).expect_err(text)))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() >= 5, "{codes:?}");
}

#[test]
fn phase_lists_are_refused_in_both_languages() {
    let database = default_database();
    let refused = |list: &str| phases::select(&database, list, "").expect_err(list);
    assert_eq!(said(&refused("Halte")), "phases.unknown_mineral");
    assert_eq!(said(&refused("qqqqqqqqqq")), "phases.unknown_mineral");
    assert_eq!(said(&refused("\"Halite")), "phases.unclosed_quote");
    assert_eq!(said(&refused("Halite,,Sylvite")), "phases.empty_name");
    let zh = PhaseError::UnknownMineral {
        name: "Halte".into(),
        database: "x".into(),
        near: vec!["Halite".into()],
    }
    .text(Lang::Zh);
    assert_eq!(zh, "数据库 x 中没有矿物“Halte”；是否指 Halite？");
}

#[test]
fn equilibria_fail_in_both_languages() {
    let error = BrineError::NotConverged {
        what: "mineral equilibrium",
        iterations: 40,
        residual: 1.5e-3,
        temperature_k: 298.15,
    };
    assert_eq!(said(&error), "brine.not_converged");
    assert_eq!(
        Message::text(&error, Lang::Zh),
        "矿物平衡在 25.00 degC 未收敛：40 次迭代后残差 1.5e-3"
    );
    said(&BrineError::BadAmount {
        component: "Na+".into(),
        amount_mol: -1.0,
    });
}

#[test]
fn databases_are_refused_in_both_languages() {
    use crate::assembly::DatabaseProblem::{
        self, BadNumber, BadReaction, Circular, Duplicate, EmptyRange, Missing, Unbalanced,
        UnexpectedText, UnknownSource, UnknownSpecies, WrongCharges,
    };
    let formula = Formula::parse("Xx").expect_err("no element");
    let problems = [
        DatabaseProblem::Formula(formula),
        BadNumber {
            text: "x".into(),
            expected: "a finite number",
        },
        BadReaction {
            text: "x".into(),
            expected: "at least one species on each side",
        },
        Unbalanced {
            name: "Halite".into(),
            element: "Na".into(),
            excess: 1.0,
        },
        UnknownSpecies { name: "X".into() },
        UnknownSource { key: "x".into() },
        Circular { name: "X".into() },
        WrongCharges {
            kind: "B0",
            species: "Na+ K+".into(),
            expected: "a cation and an anion",
        },
        Duplicate { what: "x".into() },
        Missing {
            what: "the table".into(),
        },
        UnexpectedText {
            text: "x".into(),
            expected: "cm3/mol, dm3/mol or m3/mol",
        },
        EmptyRange {
            t_min_degc: 25.0,
            t_max_degc: 0.0,
        },
    ];
    for problem in problems {
        let error = DatabaseError {
            file: "a.dat".into(),
            line: 7,
            problem,
        };
        said(&error);
        assert!(
            error.text(Lang::Zh).starts_with("a.dat 第 7 行："),
            "{error}"
        );
    }
}

#[test]
fn what_the_readers_expect_is_worded_in_both_languages() {
    for text in [
        "",
        "SOLUTION_SPECIES\nNa+ -> Na+\n",
        "PITZER\n-B0\nNa+ 1\n",
        "PHASES\nlog_k 1\n",
    ] {
        let error = phreeqc::parse(text, "a.dat").expect_err(text);
        let zh = error.text(Lang::Zh);
        assert!(zh.chars().any(is_chinese), "{zh}");
        let expected = zh.rsplit(['：']).next().unwrap_or_default();
        assert!(expected.chars().any(is_chinese), "{zh}");
    }
}
