use super::*;
use crate::unit::UNITS;
use proptest::prelude::*;

fn si(text: &str, dimension: Dimension) -> f64 {
    parse(text, dimension).expect(text)
}

fn refused(text: &str, dimension: Dimension) -> UnitError {
    parse(text, dimension).expect_err(text)
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs(), "{a} is not {b}");
}

#[test]
fn the_units_of_a_salt_lake_convert_to_si() {
    use Dimension::*;
    close(si("0.35 m", Length), 0.35);
    close(si("25 degC", Temperature), 298.15);
    close(si("-40degF", Temperature), 233.15);
    close(si("2.5 mm/d", Velocity), 2.5e-3 / 86_400.0);
    close(si("1200 m3/h", VolumeFlow), 1.0 / 3.0);
    close(si("1200 m³/h", VolumeFlow), 1.0 / 3.0);
    close(si("0.4 km^2", Area), 4e5);
    close(si("15 ha", Area), 1.5e5);
    close(si("3000 亩", Area), 2e6);
    close(si("1 acre", Area), 4_046.856_422_4);
    close(si("500 万吨/a", MassFlow), 5e9 / 31_557_600.0);
    close(si("310 g/L", Concentration), 310.0);
    close(si("150 mg/L", Concentration), 0.15);
    close(si("7.6 wt%", MassFraction), 0.076);
    close(si("4 mol/kgw", Molality), 4.0);
    close(si("20 %", Fraction), 0.2);
    close(si("0.2", Fraction), 0.2);
    close(si("1.2e3 kWh", Energy), 4.32e9);
    close(si("36.8 deg", Angle), 36.8);
}

/// The grades in which acids are sold in the United States: muriatic acid of 20 and 22 °Bé has the
/// specific gravity 1.1600 and 1.1789, sulfuric acid of 66 °Bé 1.8354.
#[test]
fn baume_degrees_of_the_us_scale_agree_with_acid_grades() {
    for (degrees, gravity) in [(20.0, 1.1600), (22.0, 1.1789), (66.0, 1.8354)] {
        let density = si(&format!("{degrees} °Bé(US)"), Dimension::Density);
        assert!((density / 999.02 - gravity).abs() < 1e-4, "{degrees}");
    }
}

#[test]
fn decimal_fractions_of_a_unit_stay_decimal() {
    assert_eq!(si("35 cm", Dimension::Length), 0.35);
    assert_eq!(si("7.6 wt%", Dimension::MassFraction), 0.076);
    assert_eq!(si("300 mg/L", Dimension::Concentration), 0.3);
}

/// On the rational scale 66 °Bé is oil of vitriol of specific gravity 1.842 (CRC Handbook, 51st ed.).
#[test]
fn plain_baume_degrees_are_those_of_the_rational_scale() {
    let density = si("66 Bé", Dimension::Density);
    assert!((density / 999.10 - 1.842).abs() < 1e-3);
    assert_eq!(
        si("30 °Bé", Dimension::Density),
        si("30 波美度", Dimension::Density)
    );
}

#[test]
fn a_missing_wrong_or_unknown_unit_is_refused_with_what_is_accepted() {
    assert_eq!(
        refused("0.35", Dimension::Length).to_string(),
        "“0.35” has no unit; accepted for a length: m, cm, mm, um, km, ft, in"
    );
    assert_eq!(
        refused("0.35 ha", Dimension::Length).to_string(),
        "“0.35 ha”: “ha” is the unit of an area; accepted for a length: m, cm, mm, um, km, ft, in"
    );
    let unknown = refused("25 C°", Dimension::Temperature);
    assert_eq!(unknown.code(), "units.unknown_unit");
    assert!(
        unknown
            .to_string()
            .ends_with("accepted for a temperature: K, degC, degF")
    );
    assert_eq!(
        refused("2 mn/d", Dimension::Velocity).fields(Lang::En)[2].1,
        " (did you mean “mm/d”?)"
    );
    assert_eq!(
        refused("0.35", Dimension::Area).text(Lang::Zh),
        "“0.35”没有单位；面积可用：m2、km2、ha、亩、万亩、acre"
    );
}

#[test]
fn what_is_no_finite_number_is_refused() {
    for (text, code) in [
        ("", "units.not_a_number"),
        ("m", "units.not_a_number"),
        ("deep m", "units.not_a_number"),
        ("1,5 m", "units.unknown_unit"),
        ("NaN m", "units.not_finite"),
        ("-inf m", "units.not_finite"),
        ("1e999 m", "units.not_finite"),
        ("- m", "units.not_a_number"),
        ("1 e m", "units.unknown_unit"),
    ] {
        assert_eq!(refused(text, Dimension::Length).code(), code, "{text}");
    }
    assert_eq!(
        refused("144.3 °Bé", Dimension::Density).code(),
        "units.not_finite"
    );
}

#[test]
fn numbers_for_people_have_no_needless_digits() {
    assert_eq!(format(0.35, Dimension::Length.si()), "0.35 m");
    assert_eq!(
        format(
            298.15,
            crate::unit::find(Some("degC"), Dimension::Temperature).expect("degC")
        ),
        "25 degC"
    );
    assert_eq!(format(0.2, Dimension::Fraction.si()), "0.2");
    assert_eq!(significant(1234.567, 3), "1230");
    assert_eq!(significant(0.000_123_4, 2), "0.00012");
    assert_eq!(significant(0.0, 3), "0");
}

#[test]
fn every_message_has_a_sentence_in_both_languages_and_no_open_placeholder() {
    use crate::place::Place;
    use crate::table::{Accepted, TableError};
    let text = String::from("x");
    let dimension = Dimension::Length;
    let place = Place::cell("t.csv", 3, "a");
    let units = [
        UnitError::NotANumber {
            text: text.clone(),
            dimension,
        },
        UnitError::NotFinite { text: text.clone() },
        UnitError::MissingUnit {
            text: text.clone(),
            dimension,
        },
        UnitError::UnknownUnit {
            text: text.clone(),
            unit: text.clone(),
            dimension,
            nearest: None,
        },
        UnitError::WrongDimension {
            text: text.clone(),
            unit: text.clone(),
            found: dimension,
            dimension,
        },
    ];
    let tables = [
        TableError::Empty {
            place: place.clone(),
        },
        TableError::NoRows {
            place: place.clone(),
        },
        TableError::BadHeader {
            place: place.clone(),
            value: text.clone(),
            number: 1,
        },
        TableError::MissingColumn {
            place: place.clone(),
            column: text.clone(),
            present: vec![],
        },
        TableError::DuplicateColumn {
            place: place.clone(),
            column: text.clone(),
        },
        TableError::RaggedRow {
            place: place.clone(),
            cells: 1,
            columns: 2,
        },
        TableError::Unreadable {
            place: place.clone(),
        },
        TableError::Blank {
            place: place.clone(),
            accepted: Accepted::Date,
        },
        TableError::NotANumber {
            place: place.clone(),
            value: text.clone(),
            accepted: Accepted::Number,
        },
        TableError::NotFinite {
            place: place.clone(),
            value: text.clone(),
        },
        TableError::Negative {
            place: place.clone(),
            value: text.clone(),
        },
        TableError::OutOfRange {
            place: place.clone(),
            value: text.clone(),
            accepted: text.clone(),
        },
        TableError::NotADate {
            place: place.clone(),
            value: text.clone(),
        },
        TableError::NotAllowed {
            place,
            value: text,
            accepted: vec![],
        },
    ];
    let said: Vec<(&str, String, String)> = units
        .iter()
        .map(|e| (e.code(), e.text(Lang::En), e.text(Lang::Zh)))
        .chain(
            tables
                .iter()
                .map(|e| (e.code(), e.text(Lang::En), e.text(Lang::Zh))),
        )
        .collect();
    for (code, en, zh) in &said {
        assert!(
            catalogue().entries().iter().any(|e| e.code == *code),
            "{code}"
        );
        assert!(!en.contains('{') && !zh.contains('{'), "{en} {zh}");
    }
    // The sentence of formulas has its own test.
    assert_eq!(said.len() + 1, catalogue().entries().len());
}

proptest! {
    #[test]
    fn what_is_formatted_reads_back(number in -1e6..1e6f64, which in 0..UNITS.len()) {
        let unit = &UNITS[which];
        // Densities beyond the scale of a hydrometer have no degrees.
        let number = if matches!(unit.scale, crate::unit::Scale::Baume { .. }) { number.abs() / 1e4 } else { number };
        let value = unit.to_si(number);
        let again = parse(&format(value, unit), unit.dimension).expect("its own format");
        prop_assert!((again - value).abs() <= 1e-14 * value.abs().max(f64::MIN_POSITIVE));
    }

    #[test]
    fn parsing_never_panics(text in "\\PC{0,20}") {
        let _ = parse(&text, Dimension::Length);
        let _ = crate::table::Table::read("t.csv", &text);
    }
}
