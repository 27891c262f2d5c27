//! Indicators over a small book, the mine-practice unit test, and what formulas may not say.

use crate::fixture::{UTILITIES, book, statement};
use saltern_account::Lang;
use saltern_account::indicators::{
    Definition, Figure, Inputs, built_in, built_in_inputs, evaluate,
};
use saltern_account::statement::{Flow, NodeLine, Statement};

fn value(statement: &Statement, inputs: &Inputs, id: &str, member: Option<&str>) -> Figure {
    let definitions = built_in().unwrap();
    let figures = evaluate(statement, &definitions, inputs);
    let same = |f: &Figure| definitions[f.definition].id == id && f.member.as_deref() == member;
    figures.into_iter().find(same).unwrap()
}

#[test]
fn indicators_of_a_base_follow_from_its_flows() {
    let inputs = built_in_inputs().unwrap();
    let of =
        |id: &str, member: Option<&str>| value(&statement(), &inputs, id, member).value.unwrap();
    let near = |got: f64, expected: f64| {
        assert!((got / expected - 1.0).abs() < 1e-6, "{got} for {expected}")
    };
    near(of("element_recovery", Some("K")), 60.0);
    near(of("element_recovery", Some("Li")), 60.0);
    near(of("element_recovery_net", Some("K")), 80.0);
    near(of("water_per_t_kcl", None), 240.0 / 114.4);
    near(
        of("water_per_t_lce", None),
        240.0 / (6.0 * saltern_units::product::LCE_PER_LI),
    );
    let kgce = 120e3 * 0.1229 + 20e3 * 1.3300;
    near(of("comprehensive_energy", None), kgce);
    near(of("energy_per_t_product", None), kgce / (114.4 + 26.7));
    near(
        of("electricity_per_t_product", None),
        120e3 / (114.4 + 26.7),
    );
    // What the base doesn't say has no value, with the reason.
    let figure = value(&statement(), &inputs, "solid_waste_use", None);
    let reason = figure.value.unwrap_err();
    assert_eq!(reason.code(), "account.unknown_name");
    assert!(
        reason
            .text(Lang::Zh)
            .starts_with("没有名为“waste_used”的用途"),
        "{}",
        reason.text(Lang::Zh)
    );
    // Members without a column are passed over: the book has no magnesium.
    let definitions = built_in().unwrap();
    let figures = evaluate(&statement(), &definitions, &inputs);
    assert!(figures.iter().all(|f| f.member.as_deref() != Some("Mg")));
    // Without a table of utilities their use is unknown, not zero.
    let bare = Statement::of_book(&book());
    assert_eq!(
        value(&bare, &inputs, "comprehensive_energy", None)
            .value
            .unwrap_err()
            .code(),
        "account.unknown_name"
    );
}

/// The mine-practice example as read at benbxkaoshi.cn: Fe 0.75 × 0.93, Mo 0.78 × 0.80, Au not used: 44 %.
#[test]
fn comprehensive_utilisation_of_iron_molybdenum_and_gold() {
    let flow = |id: &str, role: &str, kg: [f64; 3]| Flow {
        id: id.into(),
        carrier: "matter".into(),
        roles: vec![role.into()],
        elements_kg: kg.to_vec(),
        ..Flow::default()
    };
    let statement = Statement {
        from: jiff::civil::date(2026, 1, 1),
        days: 1,
        elements: ["Fe", "Mo", "Au"].map(String::from).to_vec(),
        minerals: Vec::new(),
        nodes: vec![NodeLine {
            id: "mine".into(),
            kind: None,
            opening_kg: Vec::new(),
            closing_kg: Vec::new(),
        }],
        flows: vec![
            flow("reserve", "consumed_reserve", [1000.0, 10.0, 0.01]),
            flow("ore", "mined", [750.0, 7.8, 0.0]),
            flow("mill-feed", "milled", [500.0, 5.0, 0.0]),
            flow("concentrate", "concentrate", [465.0, 4.0, 0.0]),
        ],
    };
    let mut inputs = built_in_inputs().unwrap();
    inputs
        .read_sets(
            "approved.csv",
            "set,member\napproved,Fe\napproved,Mo\napproved,Au\n",
        )
        .unwrap();
    let percent = value(&statement, &inputs, "comprehensive_utilisation", None)
        .value
        .unwrap();
    assert_eq!(percent.round(), 44.0);
    let exact = 100.0 * (0.75 * 0.93 + 0.78 * 0.80) / 3.0;
    assert!((percent - exact).abs() < 1e-9, "{percent}");
}

const HEADER: &str =
    "id,edition,name_en,name_zh,each,expression,unit,source,at_least,at_most,threshold_source\n";

fn own(expression: &str, unit: &str) -> Result<Figure, saltern_account::AccountError> {
    let text = format!("{HEADER}own,,own,自定,,\"{expression}\",{unit},ours,,,\n");
    let definitions = Definition::read("own.csv", &text)?;
    Ok(evaluate(&statement(), &definitions, &built_in_inputs().unwrap()).remove(0))
}

#[test]
fn a_formula_is_checked_for_names_and_units() {
    let reason = |expression: &str, unit: &str| own(expression, unit).unwrap().value.unwrap_err();
    let said = reason("mass(role=product) + volume(role=fresh_water)", "kg");
    assert_eq!(said.to_string(), "“+” of unlike things: kg and m3");
    assert_eq!(reason("mass(role=product)", "m3").code(), "formula.unit");
    assert!(
        reason("mass(from=p11)", "kg")
            .to_string()
            .contains("did you mean “p1”")
    );
    assert_eq!(reason("mass(form=p1)", "kg").code(), "account.unknown_name");
    assert_eq!(
        reason("mas(role=product)", "kg").code(),
        "account.unknown_name"
    );
    assert_eq!(reason("1/(2-2)", "1").code(), "formula.divided_by_zero");
    assert_eq!(
        reason("mean(x in nothing: 1)", "1").code(),
        "account.unknown_name"
    );
    let syntax = own("mass(role=product", "kg").unwrap_err();
    assert!(
        syntax
            .to_string()
            .starts_with("own.csv, row 2, column expression: "),
        "{syntax}"
    );
    assert_eq!(
        own("1", "furlong").unwrap_err().code(),
        "account.unknown_unit"
    );
    assert_eq!(own("1", "").unwrap_err().code(), "account.needed");
    let near = |e: &str, unit: &str, expected: f64| {
        let got = own(e, unit).unwrap().value.unwrap();
        assert!((got / expected - 1.0).abs() < 1e-9, "{e}: {got}");
    };
    near("mass(from=p1, element=K|Li)", "t", 5.0 + 85.0 + 0.5 + 9.0);
    near("mass(kind=evaporation)", "t", 500.0);
    near("mass(from_kind=pond, to_kind=ground)", "t", 55.5);
    near("mass(mineral=Sylvite, role=product)", "t", 114.4);
    near("stock(node=p1, element=K)", "t", 10.0);
    near(
        "sum(x in elements: stock(element=x))",
        "t",
        10.0 + 0.5 + 40.0 + 40.0,
    );
    near("mean(1, 2, 6) ^ 2", "1", 9.0);
}

#[test]
fn a_threshold_needs_a_source_and_is_judged_in_its_unit() {
    let text = |source: &str| {
        format!("{HEADER}own,,own,自定,K,mass(role=product) / mass(role=resource),%,ours,9.9,,{source}\n").replace("自定,K,", "自定,,")
    };
    let refused = Definition::read("own.csv", &text("")).unwrap_err();
    assert!(
        refused.to_string().contains("threshold_source"),
        "{refused}"
    );
    let definitions = Definition::read("own.csv", &text("a standard of 2026")).unwrap();
    let figure = evaluate(&statement(), &definitions, &Inputs::default()).remove(0);
    // 141.1 of 1410 t.
    assert_eq!(figure.meets, Some(true));
    assert!((figure.value.unwrap() - 100.0 * 141.1 / 1410.0).abs() < 1e-9);
}

#[test]
fn a_source_without_its_chinese_holds_for_both_languages() {
    let read = |zh: &str| {
        let text = format!(
            "id,edition,name_en,name_zh,each,expression,unit,source,source_zh,at_least,at_most,threshold_source\n\
             own,,own,自定,,mass(role=product),kg,GB/T 2589,{zh},,,\n"
        );
        let source = Definition::read("own.csv", &text).unwrap().remove(0).source;
        (source.en, source.zh)
    };
    let both = |en: &str, zh: &str| (en.to_owned(), zh.to_owned());
    assert_eq!(read(""), both("GB/T 2589", "GB/T 2589"));
    assert_eq!(read("综合能耗"), both("GB/T 2589", "综合能耗"));
    // So does that of a threshold.
    let threshold = |zh: &str| {
        let header = HEADER.replace("threshold_source", "threshold_source,threshold_source_zh");
        let row = format!("own,,own,自定,,mass(role=product),kg,ours,5,,notice of 2026,{zh}\n");
        let definition = Definition::read("own.csv", &(header + &row))
            .unwrap()
            .remove(0);
        definition.threshold.unwrap().source
    };
    assert_eq!(threshold("").zh, "notice of 2026");
    assert_eq!(threshold("2026 年公告").zh, "2026 年公告");
    assert_eq!(threshold("2026 年公告").en, "notice of 2026");
}

#[test]
fn built_in_definitions_are_sound_and_have_no_invented_threshold() {
    let definitions = built_in().unwrap();
    assert!(definitions.len() >= 16);
    assert!(
        definitions
            .iter()
            .all(|d| d.threshold.is_none() && !d.source.en.is_empty() && d.name.zh != d.name.en)
    );
    // Words are said in Chinese; what is left of English there is a name of data, an element or a site.
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for definition in &definitions {
        let (en, zh) = (&definition.source.en, &definition.source.zh);
        assert!(
            chinese(zh) && !chinese(en),
            "{}: {en} / {zh}",
            definition.id
        );
    }
    let inputs = built_in_inputs().unwrap();
    let coefficient = |id: &str| {
        inputs
            .values
            .iter()
            .find(|(name, ..)| name == id)
            .unwrap()
            .1
    };
    assert!((coefficient("lce_per_li") / saltern_units::product::LCE_PER_LI - 1.0).abs() < 1e-6);
    // K2O per KCl of the trade, by way of potassium.
    let k2o_per_k = saltern_units::product::K2O_PER_KCL * coefficient("kcl_per_k");
    assert!((k2o_per_k - 1.20460).abs() < 2e-5, "{k2o_per_k}");
}

#[test]
fn utilities_and_roles_name_their_mistakes() {
    let mut bare = Statement::of_book(&book());
    let wrong = bare
        .assign("roles.csv", "stream,role\np1.plnt,product\n")
        .unwrap_err();
    assert_eq!(
        wrong.to_string().split("; there are").next().unwrap(),
        "roles.csv, row 2, column stream: there is no stream “p1.plnt” (did you mean “p1.plant”?)"
    );
    let wrong = bare
        .use_utilities("u.csv", &UTILITIES.replace("MWh", "MW"))
        .unwrap_err();
    assert!(
        wrong
            .to_string()
            .starts_with("u.csv, row 2, column unit: the unit “MW” is not known"),
        "{wrong}"
    );
}
