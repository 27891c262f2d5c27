//! The Chaerhan inventory, its carbon with stated factors, and what factors may not be.

use saltern_account::Lang;
use saltern_account::carbon::{
    Choice, Demand, Factors, Footprint, Inventory, Total, data, footprint,
};
use saltern_units::table::Table;

fn near(got: f64, expected: f64) {
    assert!((got / expected - 1.0).abs() < 5e-6, "{got} for {expected}");
}

fn one_kilogram(inventory: &Inventory) -> saltern_account::carbon::Solution {
    let activity = inventory.activity("rotary_dryer").unwrap();
    inventory
        .solve(Demand {
            activity,
            amount: 1.0,
        })
        .unwrap()
}

fn pairs(file: &str, text: &str) -> Vec<(String, f64)> {
    let table = Table::read(file, text).unwrap();
    table
        .rows
        .iter()
        .map(|r| {
            (
                table.cell(r, 0).raw().into(),
                table.cell(r, 1).number().unwrap(),
            )
        })
        .collect()
}

#[test]
fn the_chaerhan_inventory_gives_the_published_totals() {
    let inventory = data::chaerhan_li2co3().unwrap();
    assert_eq!(
        (inventory.activities.len(), inventory.flows.len()),
        (17, 15)
    );
    let solution = one_kilogram(&inventory);
    for (activity, amount) in pairs("a", include_str!("data/carbon/chaerhan-amounts.csv")) {
        let got = solution.amounts[inventory.activity(&activity).unwrap()];
        assert!(
            (got / amount - 1.0).abs() < 1e-5,
            "{activity}: {got} for {amount}"
        );
    }
    for (flow, amount) in pairs("t", include_str!("data/carbon/chaerhan-totals.csv")) {
        near(solution.totals[inventory.flow(&flow).unwrap()], amount);
    }
    // Contributions add up, and nine tenths of the heat are the adsorption's.
    let n = inventory.activities.len();
    let heat = inventory.flow("heat_natural_gas").unwrap();
    let of_adsorption =
        solution.contributions[heat * n + inventory.activity("Li_adsorption").unwrap()];
    assert!((of_adsorption / solution.totals[heat] - 0.945).abs() < 5e-4);
}

fn carbon(electricity: &str, heat: &str) -> Footprint {
    let inventory = data::chaerhan_li2co3().unwrap();
    let uses = one_kilogram(&inventory).uses(&inventory);
    let mut choices = data::chaerhan_choices().unwrap();
    for choice in &mut choices {
        match choice.what.as_str() {
            "electricity" => choice.factor = electricity.into(),
            "heat_natural_gas" => choice.factor = heat.into(),
            _ => {}
        }
    }
    footprint(&uses, &data::factors().unwrap(), &choices).unwrap()
}

#[test]
fn carbon_with_stated_factors_is_as_tabulated_and_a_mix_says_so() {
    let published = carbon("chaerhan-electricity", "chaerhan-heat");
    assert!(
        (published.total.kg() - 37.10567843).abs() < 5e-6,
        "{}",
        published.total.kg()
    );
    assert_eq!(published.total.kind(), "life-cycle");
    let kilograms =
        |f: &Footprint, of: &str| f.by_use().into_iter().find(|(u, _)| u == of).unwrap().1;
    assert!((kilograms(&published, "electricity") - 7.92).abs() < 0.005);
    assert!((kilograms(&published, "heat_natural_gas") - 27.24).abs() < 0.005);

    for (electricity, heat, expected) in [
        ("grid-cn-northwest-2022", "chaerhan-heat", 35.706),
        ("grid-cn-qinghai-2022", "chaerhan-heat", 30.930),
        ("grid-cn-qinghai-2022", "heat-carbon-free", 3.685),
    ] {
        let mixed = carbon(electricity, heat);
        assert!(
            (mixed.total.kg() - expected).abs() < 6e-4,
            "{} for {expected}",
            mixed.total.kg()
        );
        assert!(matches!(mixed.total, Total::Mixed { .. }));
        let said: Vec<String> = mixed.notices().iter().map(|n| n.text(Lang::Zh)).collect();
        assert!(
            said[0].contains("混用") && said[0].contains(electricity),
            "{said:?}"
        );
        // Counting CO2 alone among CO2e is said too.
        assert!(said.iter().any(|s| s.contains("仅计 CO2")), "{said:?}");
    }
}

#[test]
fn scopes_stay_apart() {
    let footprint = carbon("grid-cn-qinghai-2022", "chaerhan-heat");
    let scopes = footprint.by_scope();
    let of = |text: &str| {
        scopes
            .iter()
            .find(|(s, _)| s.text() == text)
            .map(|(_, kg)| *kg)
    };
    assert!((of("2").unwrap() - 0.1567 * 11.132977).abs() < 1e-6);
    assert!((of("1+3").unwrap() - 27.2447).abs() < 1e-3);
    assert!((of("3").unwrap() - 1.94075).abs() < 1e-12);
    assert_eq!(of("1"), None);
    let sum: f64 = footprint.by_user().iter().map(|(_, kg)| kg).sum();
    near(sum, footprint.total.kg());
    assert!(
        footprint.without_factor.is_empty(),
        "{:?}",
        footprint.without_factor
    );
    // Without the factor that covers reagents, they are named.
    let inventory = data::chaerhan_li2co3().unwrap();
    let uses = one_kilogram(&inventory).uses(&inventory);
    let alone = [Choice::of("electricity", "grid-cn-2022")];
    let footprint = self::footprint(&uses, &data::factors().unwrap(), &alone).unwrap();
    let said: Vec<String> = footprint
        .notices()
        .iter()
        .map(|n| n.text(Lang::En))
        .collect();
    assert!(
        said[0].contains("soda_ash") && !said[0].contains("waste_heat"),
        "{said:?}"
    );
}

#[test]
fn built_in_factors_follow_from_their_sources() {
    let factors = data::factors().unwrap();
    let value = |id: &str| factors.find(id).unwrap().terms().kg_per_unit;
    // Heating value × carbon content × oxidised share × 44/12.
    let fuel = |kj: f64, tonnes_carbon_tj: f64, oxidised: f64| {
        kj * 1e-6 * tonnes_carbon_tj * oxidised * 44.0 / 12.0
    };
    assert!((value("natural-gas-cn") - fuel(38931.0, 15.3, 0.99)).abs() < 5e-5);
    assert!((value("raw-coal-cn") - fuel(20908.0, 26.37, 0.94)).abs() < 5e-5);
    assert!((value("calcium-carbonate") - 44.01 / 100.09).abs() < 5e-5);
    assert!((value("sodium-carbonate") - 44.01 / 105.99).abs() < 5e-6);
    near(value("heat-purchased-cn"), 110.0 / 1e9);
    near(value("grid-cn-qinghai-2022"), 0.1567 / 3.6e6);
    for factor in &factors.all {
        let (source, region) = (&factor.terms().source, &factor.terms().region);
        assert!(
            !source.en.is_empty() && source.zh != source.en,
            "{}",
            factor.terms().id
        );
        assert!(
            region.en.is_empty() || region.zh != region.en,
            "{}",
            factor.terms().id
        );
    }
}

const HEADER: &str = "id,value,unit,gas,kind,scopes,region,year,source,note\n";

#[test]
fn the_users_own_factor_lies_on_top() {
    let own = Factors::read(
        "own.csv",
        &format!("{HEADER}grid-cn-qinghai-2022,12,gCO2/kWh,CO2,direct,2,our contract,2026,supplier's letter,\n"),
    )
    .unwrap();
    let factors = data::factors().unwrap();
    let count = factors.all.len();
    let layered = factors.with(own);
    assert_eq!(layered.all.len(), count);
    let terms = layered.find("grid-cn-qinghai-2022").unwrap().terms();
    near(terms.kg_per_unit, 0.012 / 3.6e6);
    assert_eq!(terms.place.file, "own.csv");
}

#[test]
fn a_factor_without_unit_or_source_is_refused_with_its_place() {
    let said = |row: &str| Factors::read("own.csv", &format!("{HEADER}{row}\n")).unwrap_err();
    let error = said("mine,0.5,,CO2,direct,2,,2024,a letter,");
    assert_eq!(
        error.to_string(),
        "own.csv, row 2, column unit: “mine” has no unit; every factor and indicator needs one"
    );
    assert_eq!(
        error.text(Lang::Zh),
        "own.csv 第 2 行“unit”列：“mine”缺少 unit；每个因子和指标都必须给出"
    );
    assert!(
        said("mine,0.5,kgCO2/kWh,CO2,direct,2,,2024,,")
            .to_string()
            .contains("column source")
    );
    assert_eq!(
        said("mine,0.5,kgCO2/furlong,CO2,direct,2,,2024,x,").code(),
        "account.unknown_unit"
    );
    assert_eq!(
        said("mine,0.5,kWh/t,CO2,direct,2,,2024,x,").code(),
        "carbon.unit"
    );
    assert_eq!(
        said("mine,0.5,kgCO2/kWh,CO2,sideways,2,,2024,x,").code(),
        "table.not_allowed"
    );
    assert_eq!(
        said("mine,0.5,kgCO2/kWh,CO2,direct,4,,2024,x,").code(),
        "table.not_allowed"
    );
    assert_eq!(
        said("mine,,kgCO2/kWh,CO2,direct,2,,2024,x,").code(),
        "table.blank"
    );
    // A factor per kWh cannot be counted on kilograms.
    let inventory = data::chaerhan_li2co3().unwrap();
    let uses = one_kilogram(&inventory).uses(&inventory);
    let wrong = footprint(
        &uses,
        &data::factors().unwrap(),
        &[Choice::of("soda_ash", "grid-cn-2022")],
    )
    .unwrap_err();
    assert_eq!(wrong.code(), "carbon.unit");
    let wrong = footprint(
        &uses,
        &data::factors().unwrap(),
        &[Choice::of("electricty", "grid-cn-2022")],
    )
    .unwrap_err();
    assert!(
        wrong.to_string().contains("did you mean “electricity”"),
        "{wrong}"
    );
}

#[test]
fn activities_that_need_each_other_without_end_are_singular() {
    let names = "id,unit,group,name_en,name_zh\na,kg,activity,a,甲\nb,kg,activity,b,乙\n";
    let read = |rows: &str| {
        Inventory::read(
            ("i.csv", &format!("activity,exchange,amount,unit\n{rows}")),
            ("n.csv", names),
        )
    };
    let ring = read("a,a,1,kg\na,b,1,kg\nb,b,1,kg\nb,a,1,kg\n").unwrap();
    let error = ring
        .solve(Demand {
            activity: 0,
            amount: 1.0,
        })
        .unwrap_err();
    assert_eq!(error.code(), "carbon.singular");
    assert_eq!(
        read("a,a,1,kg\na,b,1,kg\n").unwrap_err().code(),
        "carbon.output"
    );
    assert_eq!(
        read("a,a,1,kg\nb,b,1,MJ\n").unwrap_err().code(),
        "carbon.unit"
    );
    // Grams of one and kilograms of the other are the same matter.
    let grams = read("a,a,1,kg\na,b,500,g\nb,b,1,kg\n").unwrap();
    near(
        grams
            .solve(Demand {
                activity: 0,
                amount: 2.0,
            })
            .unwrap()
            .amounts[1],
        1.0,
    );
}
