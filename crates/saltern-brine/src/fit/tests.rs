use saltern_units::message::{Lang, Message};
use saltern_units::table::Table;

use super::parameters::Plan;
use super::{FitError, catalogue, data};
use crate::thermo::default_database;

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_entry_has_both_languages() {
    for entry in catalogue().entries() {
        assert!(
            !entry.en.is_empty() && entry.zh.chars().any(is_chinese),
            "{}",
            entry.code
        );
    }
}

/// Both sentences exist, name the place, and hold no unfilled placeholder.
fn said(error: &FitError) -> (&'static str, String) {
    let (en, zh) = (error.text(Lang::En), error.text(Lang::Zh));
    assert!(!en.contains('{') && !zh.contains('{'), "{en} / {zh}");
    assert!(
        zh.chars().any(is_chinese) && !en.chars().any(is_chinese),
        "{en} / {zh}"
    );
    (error.code(), en)
}

#[test]
fn parameters_are_refused_with_their_place() {
    let head = "kind,species1,species2,species3,terms,rest,start,prior,prior_sd,t_min [degC],t_max [degC],reaction\n";
    let cases = [
        (
            "B0,Na+,Cl-,,a0 a9,,,,,,,\n",
            "fit.bad_terms",
            "row 2, column terms",
        ),
        (
            "B0,Na+,Cl-,,a0 a0,,,,,,,\n",
            "fit.bad_terms",
            "row 2, column terms",
        ),
        (
            "B0,Na+,Cl-,,a0=x,,,,,,,\n",
            "fit.bad_terms",
            "row 2, column terms",
        ),
        (
            "VOLUME,Na+,,,i4,,,,,,,\n",
            "fit.bad_terms",
            "row 2, column terms",
        ),
        (
            "B0,Na+,Cl-,,a0 a1,,1,,,,,\n",
            "fit.count",
            "row 2, column start",
        ),
        (
            "B0,Na+,Cl-,,a0,,,,0,,,\n",
            "fit.not_positive",
            "row 2, column prior_sd",
        ),
        (
            "B0,Na+,Cl-,,a0,none,,,,,,\n",
            "table.not_allowed",
            "row 2, column rest",
        ),
        (
            "B0,Na+,Cl-,,a0,,,,,,,\nB0,Cl-,Na+,,a1,,,,,,,\n",
            "fit.twice",
            "row 3",
        ),
        (
            "B0,Na+,Cl-,,a0=1,,,,,,,\n",
            "fit.nothing_free",
            "parameters.csv",
        ),
        (
            "B7,Na+,Cl-,,a0,,,,,,,\n",
            "database.unexpected_text",
            "row 2, column kind",
        ),
        (
            "LOG_K,Unobtainite,,,A1,,,,,,,\n",
            "database.missing",
            "row 2",
        ),
        (
            "HEAT_CAPACITY,HCO3-,,,c0,,,,,,,\n",
            "database.unexpected_text",
            "row 2",
        ),
        (
            "B0,Na+,Cl-,,,,,,,,,\n",
            "table.blank",
            "row 2, column terms",
        ),
    ];
    for (rows, code, place) in cases {
        let table = Table::read("parameters.csv", &format!("{head}{rows}")).expect(rows);
        let error = Plan::read(default_database(), &table).expect_err(rows);
        let (found, text) = said(&error);
        assert_eq!(found, code, "{rows}{text}");
        assert!(text.contains(place), "{text}");
    }
}

#[test]
fn measurements_are_refused_with_their_place() {
    let head = "source,temperature [degC],Na [mol/kgw],Rb [mol/kgw],Cl [mol/kgw],balance,quantity,of,value,unit,sd,weight\n";
    let good = "x,25,1,,1,,water_activity,,0.9,,,\n";
    let cases = [
        (
            "x,25,1,,1,,wateractivity,,0.9,,,\n",
            "table.not_allowed",
            "column quantity",
        ),
        (
            "x,,1,,1,,water_activity,,0.9,,,\n",
            "table.blank",
            "column temperature",
        ),
        (
            ",25,1,,1,,water_activity,,0.9,,,\n",
            "table.blank",
            "column source",
        ),
        (
            "x,25,1,,1,,water_activity,,,,,\n",
            "table.blank",
            "column value",
        ),
        (
            "x,25,1,,1,,water_activity,,-0.9,,,\n",
            "fit.not_positive",
            "column value",
        ),
        (
            "x,25,1,,1,,water_activity,,0.9,kg/m3,,\n",
            "fit.bad_unit",
            "column unit",
        ),
        (
            "x,25,1,,1,,water_activity,,0.9,,0,\n",
            "fit.not_positive",
            "column sd",
        ),
        (
            "x,25,1,,1,,water_activity,,0.9,,,-1\n",
            "fit.not_positive",
            "column weight",
        ),
        (
            "x,25,1,,1,XX,water_activity,,0.9,,,\n",
            "fit.bad_balance",
            "column balance",
        ),
        (
            "x,25,1,,1,,mean_activity_coefficient,NaClO9,0.9,,,\n",
            "fit.not_a_salt",
            "column of",
        ),
        (
            "x,25,1,,1,,mean_activity_coefficient,KCl,0.9,,,\n",
            "fit.absent",
            "K+",
        ),
        (
            "x,25,1,,1,,saturation,Sylvite,,,,\n",
            "fit.absent",
            "Sylvite",
        ),
        (
            "x,25,1,,1,,saturation,Unobtainite,,,,\n",
            "phases.unknown_mineral",
            "column of",
        ),
        (
            "x,25,,,,,water_activity,,0.9,,,\n",
            "assay.nothing_analysed",
            "row 3",
        ),
    ];
    for (row, code, place) in cases {
        let table = Table::read("data.csv", &format!("{head}{good}{row}")).expect(row);
        let error = data::read(&table, &default_database()).expect_err(row);
        let (found, text) = said(&error);
        assert_eq!(found, code, "{row}{text}");
        assert!(text.contains(place) && text.contains("row 3"), "{text}");
    }
    let none = Table::read(
        "data.csv",
        &format!("{head}x,25,1,,1,,water_activity,,0.9,,,0\n"),
    );
    let error = data::read(&none.expect("a table"), &default_database()).expect_err("no weight");
    assert_eq!(said(&error).0, "fit.no_data");
}
