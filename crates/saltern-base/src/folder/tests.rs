use super::*;
use crate::model::*;
use jiff::civil::date;
use proptest::prelude::*;
use saltern_units::Lang;
use std::collections::BTreeMap;

type Files = BTreeMap<&'static str, String>;

const BASE_TOML: &str = r#"[base]
name = "Little lake"
name_zh = "小盐湖"
caveats = [{ en = "Brines are synthetic.", zh = "卤水为合成数据。" }]

[site]
latitude = "36.8 deg"
longitude = "95.3 deg"
elevation = "2.68 km"
utc_offset = "8 h"

[period]
from = 2025-01-01
to = "2025-12-31"

[weather]
normals = "normals.csv"
seed = 7

[chemistry]
phases = "metastable"
suppress = ["Glaserite"]
"#;

fn valid() -> Files {
    BTreeMap::from([
        ("base.toml", BASE_TOML.to_string()),
        ("normals.csv", "month\n1\n".to_string()),
        ("brines.csv", "id,temperature [degC],density [g/cm3],Na [g/L],Cl [g/L]\nfeed,15,1.2,90,140\nold,15,,,300\n".into()),
        (
            "ponds.csv",
            "id,name,stage,area [ha],depth_max [cm],depth_target [m],cells,leakage [mm/d],opening_brine,opening_depth [m],opening_temperature [degC]\n\
             p1,First,halite,40,60,0.5,,0.5,feed,0.4,10\n\
             p2,Second,carnallite,20,60,0.4,8,0.3,old,0.3,\n"
                .into(),
        ),
        ("sources.csv", "id,name\nwells,Well field\n".into()),
        (
            "source_schedule.csv",
            "source,from,rate [m3/h],brine,temperature [degC]\nwells,2025-06-01,2000,feed,\nwells,,1000,feed,12\n".into(),
        ),
        ("outlets.csv", "id\nlake\n".into()),
        (
            "links.csv",
            "id,from,to,capacity [m3/h],rule,grade_quantity,grade_side,grade_limit,season_from,season_to\n\
             l1,wells,p1,1200,keep_level,,,,03-01,11-15\n\
             l2,p1,p2,,overflow,,,,,\n\
             l3,p2,lake,500,grade,density,above,1.33 g/cm3,,\n"
                .into(),
        ),
        (
            "harvests.csv",
            "id,pond,stockpile,method,start,days,leave [cm],entrainment [%]\nh1,p2,pile,dredge,09-01,60,10,30\n".into(),
        ),
        ("floors.csv", "pond,mineral,thickness [cm]\np1,Halite,30\np1,Gypsum,1\n".into()),
        ("bathymetry.csv", "pond,depth [m],area [ha]\np1,0,30\np1,0.6,40\n".into()),
        ("map.csv", "pond,x [m],y [km]\np1,0,0\np1,500,0\np1,500,0.8\n".into()),
    ])
}

fn read_files(files: &Files) -> Result<(Base, Vec<Notice>), Vec<BaseError>> {
    read("little", &|path| files.get(path).cloned())
}

/// The valid folder with one text replaced in one file.
fn with(file: &'static str, old: &str, new: &str) -> Files {
    let mut files = valid();
    let text = files.get_mut(file).expect(file);
    assert!(text.contains(old), "{file} holds no {old}");
    *text = text.replacen(old, new, 1);
    files
}

fn errors(files: &Files) -> Vec<BaseError> {
    read_files(files).expect_err("an error")
}

/// The one error of a folder with one mistake.
fn the_error(file: &'static str, old: &str, new: &str) -> String {
    let errors = errors(&with(file, old, new));
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].to_string()
}

#[test]
fn a_valid_folder_is_read_in_si() {
    let (base, notices) = read_files(&valid()).expect("a base");
    assert_eq!(notices, []);
    assert_eq!(
        (base.id.as_str(), base.name.zh.as_str()),
        ("little", "小盐湖")
    );
    assert_eq!(
        base.site,
        Site {
            latitude_deg: 36.8,
            longitude_deg: 95.3,
            elevation_m: 2680.0,
            utc_offset_h: 8.0
        }
    );
    assert_eq!((base.from, base.to), (date(2025, 1, 1), date(2025, 12, 31)));
    assert_eq!(
        base.weather,
        WeatherChoice::Normals {
            path: "normals.csv".into(),
            seed: 7
        }
    );
    assert_eq!(base.chemistry.database, "default");
    assert_eq!(base.chemistry.suppress, ["Glaserite"]);
    assert_eq!(base.caveats[0].en, "Brines are synthetic.");
    assert_eq!(
        base.brines[1].cells,
        [
            ("temperature [degC]".into(), "15".into()),
            ("Cl [g/L]".into(), "300".into())
        ]
    );

    let pond = &base.ponds[0];
    assert_eq!((pond.area_m2, pond.depth_m_max, pond.cells), (4e5, 0.6, 4));
    assert_eq!(
        (pond.depth_m_min, pond.albedo, pond.floor_porosity),
        (0.05, 0.07, 0.25)
    );
    assert!((pond.leakage_m_s - 0.5e-3 / 86_400.0).abs() < 1e-22);
    assert_eq!(
        pond.opening.floor,
        [("Halite".into(), 0.3), ("Gypsum".into(), 0.01)]
    );
    assert_eq!(pond.bathymetry, [(0.0, 3e5), (0.6, 4e5)]);
    assert_eq!(pond.outline_m[2], (500.0, 800.0));
    assert_eq!(base.ponds[1].opening.temperature_k, 283.15);

    let steps = &base.sources[0].schedule;
    assert_eq!(
        (steps[0].from, steps[1].from),
        (None, Some(date(2025, 6, 1)))
    );
    assert_eq!(
        (steps[0].temperature_k, steps[1].temperature_k),
        (Some(285.15), None)
    );
    assert_eq!(base.links[0].season, Some(((3, 1), (11, 15))));
    assert_eq!(
        (base.links[1].from, base.links[1].to),
        (End::Pond(0), End::Pond(1))
    );
    assert_eq!(base.links[1].capacity_m3_s, f64::INFINITY);
    assert_eq!(
        base.links[2].rule,
        Rule::Grade {
            quantity: GradeQuantity::Density,
            above: true,
            limit: 1330.0
        }
    );
    let harvest = &base.harvests[0];
    assert_eq!(
        (harvest.pond, harvest.method, harvest.start),
        (1, HarvestMethod::Dredge, (9, 1))
    );
    assert_eq!((harvest.leave_m, harvest.entrainment_kg_kg), (0.1, 0.3));
}

#[test]
fn optional_files_may_be_missing() {
    let mut files = valid();
    for file in [
        "sources.csv",
        "source_schedule.csv",
        "outlets.csv",
        "links.csv",
        "harvests.csv",
        "floors.csv",
        "bathymetry.csv",
        "map.csv",
    ] {
        files.remove(file);
    }
    let (base, notices) = read_files(&files).expect("a base");
    assert_eq!(
        (base.sources.len(), base.links.len(), base.ponds.len()),
        (0, 0, 2)
    );
    assert_eq!(notices[0].code, "base.no_links");
}

#[test]
fn an_optional_table_without_rows_is_none_and_a_required_one_an_error() {
    for file in ["harvests.csv", "floors.csv", "map.csv", "bathymetry.csv"] {
        let mut files = valid();
        let header = files[file].lines().next().expect("a header").to_string();
        files.insert(file, header + "\n");
        let (base, notices) = read_files(&files).expect(file);
        assert_eq!(notices, [], "{file}");
        files.remove(file);
        assert_eq!(base, read_files(&files).expect(file).0, "{file}");
    }
    for file in ["brines.csv", "ponds.csv", "source_schedule.csv"] {
        let mut files = valid();
        let header = files[file].lines().next().expect("a header").to_string();
        files.insert(file, header);
        let found = errors(&files);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].code(), "table.no_rows");
    }
}

#[test]
fn a_table_with_semicolons_is_told_so_once() {
    let mut files = valid();
    let text = files["ponds.csv"].replace(',', ";").replace('.', ",");
    files.insert("ponds.csv", format!("# from a spreadsheet\n{text}"));
    let found = errors(&files);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0]
            .to_string()
            .starts_with("ponds.csv, row 2: the columns are separated by semicolons: “id;name;"),
        "{}",
        found[0]
    );
    assert!(found[0].to_string().ends_with("accepted: commas"));
}

#[test]
fn a_pond_named_twice_is_one_mistake() {
    let found = errors(&with("ponds.csv", "p2,Second", "p1,Second"));
    let codes: Vec<&str> = found.iter().map(BaseError::code).collect();
    assert_eq!(codes, ["base.duplicate_id"], "{found:#?}");
    let mut files = valid();
    files
        .get_mut("sources.csv")
        .expect("sources")
        .push_str("wells,\n");
    let found = errors(&files);
    let codes: Vec<&str> = found.iter().map(BaseError::code).collect();
    assert_eq!(codes, ["base.duplicate_id"], "{found:#?}");
}

#[test]
fn required_files_are_named_when_missing() {
    for file in [
        "base.toml",
        "brines.csv",
        "ponds.csv",
        "source_schedule.csv",
        "normals.csv",
    ] {
        let mut files = valid();
        files.remove(file);
        let errors = errors(&files);
        assert_eq!(errors.len(), 1, "{errors:#?}");
        assert!(
            errors[0]
                .to_string()
                .starts_with(&format!("the file {file} is missing")),
            "{}",
            errors[0]
        );
    }
    let mut files = valid();
    files.remove("normals.csv");
    assert_eq!(
        errors(&files)[0].to_string(),
        "the file normals.csv is missing (asked for by base.toml, line 17, weather.normals)"
    );
}

#[test]
fn mistakes_in_base_toml_are_shown_with_their_line() {
    let say = |old, new| the_error("base.toml", old, new);
    assert!(say("[site]", "[site").starts_with("base.toml, line 6, column "));
    assert_eq!(
        say("\"36.8 deg\"", "36.8"),
        "base.toml, line 7, site.latitude: “36.8” has no unit; accepted for an angle: deg, rad"
    );
    assert_eq!(
        say("\"36.8 deg\"", "\"96.8 deg\""),
        "base.toml, line 7, site.latitude: “96.8 deg” is out of range; accepted: -90 … 90 deg"
    );
    assert_eq!(
        say("latitude =", "lattitude ="),
        "base.toml, line 7: “lattitude” is not known (did you mean “latitude”?); accepted: latitude, longitude, elevation, utc_offset"
    );
    assert!(
        say("latitude = \"36.8 deg\"\n", "")
            .starts_with("base.toml: “site.latitude” is missing: Degrees north")
    );
    assert!(
        say("elevation = \"2.68 km\"", "elevation = true")
            .starts_with("base.toml, line 9, site.elevation: “true” is not accepted")
    );
    assert_eq!(
        say("\"2025-12-31\"", "\"2025-13-40\""),
        "base.toml, line 14, period.to: “2025-13-40” is not a day of the calendar; accepted: YYYY-MM-DD, 2025-04-01"
    );
    assert_eq!(
        say("\"2025-12-31\"", "\"2024-12-31\""),
        "base.toml, line 14, period.to: the last day 2024-12-31 is before the first day 2025-01-01; accepted: 2025-01-01 or later"
    );
    assert_eq!(
        say("normals = \"normals.csv\"\n", ""),
        "base.toml, [weather]: exactly one of “file” and “normals” must be given"
    );
    assert!(
        say("seed = 7", "seed = -7")
            .starts_with("base.toml, line 18, weather.seed: “-7” is not accepted")
    );
    assert!(say("\"2.68 km\"", "nan").ends_with("“nan” is not a finite number"));
}

#[test]
fn a_misspelt_entry_and_a_missing_one_are_told_apart() {
    let codes = |new| {
        let errors = errors(&with("base.toml", "name = ", new));
        errors.iter().map(BaseError::code).collect::<Vec<_>>()
    };
    assert_eq!(codes("nmae = "), ["base.unknown_entry"]);
    assert_eq!(
        codes("colour = "),
        ["base.unknown_entry", "base.missing_entry"]
    );
}

#[test]
fn mistakes_in_ponds_are_shown_with_row_and_column() {
    let say = |old, new| the_error("ponds.csv", old, new);
    assert_eq!(
        say("p1,First,halite,40", "p1,First,halite,-40"),
        "ponds.csv, row 2, column area [ha]: “-40” is negative"
    );
    assert_eq!(
        say("area [ha]", "area [m]"),
        "ponds.csv, row 1, column area [m]: “area [m]”: “m” is the unit of a length; accepted for an area: m2, km2, ha, 亩, 万亩, acre"
    );
    assert_eq!(
        say("area [ha]", "area"),
        "ponds.csv, row 1, column area: “area” has no unit; accepted for an area: m2, km2, ha, 亩, 万亩, acre"
    );
    assert!(
        say(",0.3,old", ",NaN,old")
            .starts_with("ponds.csv, row 3, column leakage [mm/d]: “NaN” is not a finite")
    );
    assert_eq!(
        say(",0.3,old", ",-0.3,old"),
        "ponds.csv, row 3, column leakage [mm/d]: “-0.3” is negative"
    );
    assert_eq!(
        say("feed,0.4", "fed,0.4"),
        "ponds.csv, row 2, column opening_brine: there is no “fed” (did you mean “feed”?); there are: feed, old"
    );
    assert_eq!(
        say("40,60,0.5", "40,60,0.7"),
        "ponds.csv, row 2: depth_min 0.05 m, depth_target 0.7 m, depth_max 0.6 m; accepted: depth_min ≤ depth_target ≤ depth_max"
    );
    assert!(say("leakage [mm/d]", "leackage [mm/d]").contains("leakage"));
}

#[test]
fn a_pond_needs_its_columns() {
    let said = |new| {
        let errors = errors(&with("ponds.csv", "stage", new));
        errors.iter().map(BaseError::to_string).collect::<Vec<_>>()
    };
    let misspelt = said("stages");
    assert_eq!(misspelt.len(), 1, "{misspelt:?}");
    assert!(
        misspelt[0].starts_with("ponds.csv, row 1: “stages” is not known (did you mean “stage”?)")
    );
    let missing = said("colour");
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(missing[1].starts_with(
        "ponds.csv, row 1: the column “stage” is missing; there are: id, name, colour"
    ));
}

#[test]
fn broken_tables_do_not_make_every_reference_to_them_an_error() {
    for (file, text, code) in [
        ("ponds.csv", "", "table.empty"),
        ("ponds.csv", "id,name\n", "table.no_rows"),
        ("brines.csv", "id,Na [g/L]\nfeed\n", "table.ragged_row"),
        ("sources.csv", "id,id\na,b\n", "table.duplicate_column"),
    ] {
        let mut files = valid();
        files.insert(file, text.into());
        let errors = errors(&files);
        assert_eq!(errors.len(), 1, "{errors:#?}");
        assert_eq!(
            (errors[0].code(), errors[0].place().file),
            (code, file.to_string())
        );
    }
}

/// The one error of a folder with one line added to a file.
fn the_error_of_line(file: &'static str, line: &str) -> String {
    let mut files = valid();
    files.get_mut(file).expect(file).push_str(line);
    let errors = errors(&files);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].to_string()
}

#[test]
fn an_id_is_used_once_in_the_whole_base() {
    let say = the_error_of_line;
    assert_eq!(
        say("outlets.csv", "p1\n"),
        "outlets.csv, row 3, column id: the id “p1” is already used by ponds.csv, row 2, column id; \
         accepted: an id that nothing else in the base has"
    );
    assert!(
        say("brines.csv", "old,15,,,1\n").starts_with("brines.csv, row 4, column id: the id “old”")
    );
    assert!(
        say("links.csv", "l3,p2,lake,500,constant,,,,,\n")
            .starts_with("links.csv, row 5, column id")
    );
    assert!(
        say("harvests.csv", "h1,p1,pile,dry,08-01,30,,\n")
            .starts_with("harvests.csv, row 3, column id")
    );
    assert!(
        say("harvests.csv", "h2,p1,lake,dry,08-01,30,,\n")
            .starts_with("harvests.csv, row 3, column stockpile")
    );
    assert!(say("outlets.csv", "sky\n").contains("the nodes that every base has"));
}

#[test]
fn unknown_ids_are_refused_with_those_that_exist() {
    let say = the_error_of_line;
    assert_eq!(
        say("links.csv", "l4,p9,p1,5,constant,,,,,\n"),
        "links.csv, row 5, column from: there is no “p9” (did you mean “p1”?); there are: p1, p2, wells, lake"
    );
    assert_eq!(
        say("harvests.csv", "h2,p9,pile,dry,08-01,30,,\n"),
        "harvests.csv, row 3, column pond: there is no “p9” (did you mean “p1”?); there are: p1, p2"
    );
    assert!(
        say("floors.csv", "p9,Halite,30\n")
            .starts_with("floors.csv, row 4, column pond: there is no “p9”")
    );
    assert!(
        say("source_schedule.csv", "river,,1,feed,\n")
            .ends_with("there is no “river”; there are: wells")
    );
    assert!(
        say("source_schedule.csv", "wells,2025-07-01,1,fed,\n")
            .ends_with("there is no “fed” (did you mean “feed”?); there are: feed, old")
    );
}

#[test]
fn links_lead_from_somewhere_to_somewhere_else() {
    let say = the_error_of_line;
    assert_eq!(
        say("links.csv", "l4,p1,p1,5,constant,,,,,\n"),
        "links.csv, row 5: “p1” is at both ends of the link; accepted: two different ends"
    );
    assert_eq!(
        say("links.csv", "l4,p1,wells,5,constant,,,,,\n"),
        "links.csv, row 5, column to: “wells” cannot stand here; accepted: p1, p2, lake"
    );
    assert!(
        say("links.csv", "l4,lake,p1,5,constant,,,,,\n")
            .starts_with("links.csv, row 5, column from: “lake”")
    );
    assert!(
        say("links.csv", "l4,wells,p1,5,overflow,,,,,\n")
            .starts_with("links.csv, row 5, column from: “wells”")
    );
    assert!(
        say("links.csv", "l4,p1,lake,5,keep_level,,,,,\n")
            .starts_with("links.csv, row 5, column to: “lake”")
    );
}

#[test]
fn links_need_what_their_rule_needs() {
    let say = the_error_of_line;
    assert_eq!(
        say("links.csv", "l4,p1,p2,,constant,,,,,\n"),
        "links.csv, row 5, column capacity [m3/h]: the cell is blank; accepted: a decimal number such as 0.35"
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,siphon,,,,,\n")
            .ends_with("accepted: overflow, constant, keep_level, grade")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,grade,density,above,1.3,,\n").contains("“1.3” has no unit")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,grade,Li,above,1.3 g/cm3,,\n")
            .contains("is the unit of a density")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,grade,Li,beyond,1.3 g/L,,\n")
            .ends_with("accepted: above, below")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,grade,Li,above,-1.3 g/L,,\n")
            .ends_with("“-1.3 g/L” is negative")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,grade,,above,1.3 g/L,,\n")
            .contains("column grade_quantity: the cell is blank")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,constant,,,,03-01,\n")
            .contains("column season_to: the cell is blank")
    );
    assert!(
        say("links.csv", "l4,p1,p2,5,constant,,,,02-30,03-01\n")
            .contains("the day “02-30” does not exist in every year; accepted: MM-DD")
    );
}

#[test]
fn ponds_that_drain_in_a_ring_are_refused_with_the_ring() {
    assert_eq!(
        the_error_of_line("links.csv", "l4,p2,p1,,overflow,,,,,\n"),
        "links.csv, row 5: brine would go round without end: p1 → p2 → p1; \
         accepted: overflows and constant flows that lead out of the ring"
    );
}

#[test]
fn a_ring_that_a_rule_may_open_is_only_noticed() {
    let mut files = valid();
    files
        .get_mut("links.csv")
        .expect("links")
        .push_str("l4,p2,p1,50,keep_level,,,,,\n");
    let (_, notices) = read_files(&files).expect("a base");
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].code, "base.returning_flow");
    assert!(notices[0].to_string().contains("p1 → p2 → p1"));
}

#[test]
fn sources_need_a_schedule_that_is_clear() {
    let mut files = valid();
    files
        .get_mut("sources.csv")
        .expect("sources")
        .push_str("river,\n");
    let found = errors(&files);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        found[0].to_string(),
        "sources.csv, row 3, column id: the source “river” has no row in source_schedule.csv; accepted: one row or more"
    );
    assert!(
        the_error_of_line("source_schedule.csv", "wells,2025-06-01,1,feed,\n")
            .contains("already set for that day in row 2")
    );
    assert!(
        the_error("source_schedule.csv", "2025-06-01", "2025-06-31")
            .contains("“2025-06-31” is not a day")
    );
    assert!(the_error("source_schedule.csv", "2000", "-2000").ends_with("“-2000” is negative"));
}

#[test]
fn harvests_and_bathymetries_are_checked() {
    assert!(
        the_error("harvests.csv", "09-01", "13-01")
            .contains("“13-01” is not accepted; accepted: MM-DD")
    );
    assert!(the_error("harvests.csv", "dredge", "wet").ends_with("accepted: dry, dredge"));
    assert!(the_error("harvests.csv", ",60,", ",6.5,").contains("a whole number"));
    assert!(
        the_error("harvests.csv", ",60,", ",0,")
            .ends_with("“0” is out of range; accepted: 1 … 366")
    );
    assert!(the_error("bathymetry.csv", "p1,0.6,40", "p1,0,40").contains("“0 m” after “0 m”"));
    assert!(
        the_error("bathymetry.csv", "p1,0.6,40", "p1,0.6,20")
            .contains("“200000 m2” after “300000 m2”")
    );
}

const TANK: &str = "[units.tank]\nkind = \"mixer\"\n[streams.ore]\nto = \"tank\"\n[streams.out]\nfrom = \"tank\"\n";

/// The valid folder with a plant that works up what is harvested.
fn with_a_plant() -> Files {
    let mut files = valid();
    files.insert("plants/wash.toml", TANK.into());
    files.insert(
        "plants.csv",
        "id,lead,capacity [t/d],load_min [%],season_from,season_to\nwash,ore,86.4,30,04-01,11-30\n"
            .into(),
    );
    files.insert(
        "plant_streams.csv",
        "plant,stream,node\nwash,ore,pile\nwash,out,store\n".into(),
    );
    files.insert("stockpiles.csv", "id,name\nstore,Store\npile,Heap\n".into());
    files
}

#[test]
fn plants_are_read_with_their_files_and_joints() {
    let (base, notices) = read_files(&with_a_plant()).expect("a base");
    assert_eq!(notices, []);
    // The stockpile that a harvest names comes first, with its name from the table.
    let piles: Vec<(&str, &str)> = base
        .stockpiles
        .iter()
        .map(|pile| (pile.id.as_str(), pile.name.en.as_str()))
        .collect();
    assert_eq!(piles, [("pile", "Heap"), ("store", "Store")]);
    let plant = &base.plants[0];
    assert_eq!((plant.id.as_str(), plant.lead.as_str()), ("wash", "ore"));
    assert!((plant.capacity_kg_s.expect("capacity") - 1.0).abs() < 1e-12);
    assert_eq!(
        (plant.load_min, plant.season),
        (0.3, Some(((4, 1), (11, 30))))
    );
    let joints: Vec<(&str, PlantNode)> = plant
        .streams
        .iter()
        .map(|s| (s.stream.as_str(), s.node))
        .collect();
    let (ore, out) = (PlantNode::Stockpile(0), PlantNode::Stockpile(1));
    assert_eq!(joints, [("ore", ore), ("out", out)]);
}

#[test]
fn mistakes_in_plants_are_shown_with_their_places() {
    let said = |file: &'static str, old: &str, new: &str| {
        let mut files = with_a_plant();
        let text = files.get_mut(file).expect(file);
        assert!(text.contains(old), "{file} holds no {old}");
        *text = text.replacen(old, new, 1);
        let errors = errors(&files);
        assert_eq!(errors.len(), 1, "{errors:#?}");
        errors[0].to_string()
    };
    let mut without = with_a_plant();
    without.remove("plants/wash.toml");
    let no_file = errors(&without)[0].to_string();
    assert!(
        no_file.contains("plants/wash.toml") && no_file.contains("plants.csv, row 2"),
        "{no_file}"
    );
    let node = said("plant_streams.csv", "out,store", "out,stor");
    assert!(
        node.starts_with("plant_streams.csv, row 3, column node") && node.contains("store"),
        "{node}"
    );
    let twice = said("plant_streams.csv", "wash,out,store", "wash,ore,store");
    assert!(
        twice.starts_with("plant_streams.csv, row 3, column stream"),
        "{twice}"
    );
    let load = said("plants.csv", ",30,", ",130,");
    assert!(
        load.contains("load_min") && load.contains("0 … 100 %"),
        "{load}"
    );
    let toml = said("plants/wash.toml", "[units.tank]", "[unit.tank]");
    assert!(toml.starts_with("plants/wash.toml, line 1"), "{toml}");
    let taken = said("stockpiles.csv", "pile,Heap\n", "pile,Heap\np1,Third\n");
    assert!(taken.contains("p1"), "{taken}");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let mut files = with("ponds.csv", "p1,First,halite,40", "p1,First,halite,forty");
    files.insert("base.toml", BASE_TOML.replace("95.3 deg", "95.3 m"));
    files.insert(
        "floors.csv",
        "pond,mineral,thickness [cm]\np3,Halite,-30\n".into(),
    );
    let found = errors(&files);
    let codes: Vec<&str> = found.iter().map(BaseError::code).collect();
    assert_eq!(
        codes,
        [
            "units.wrong_dimension",
            "base.unknown_id",
            "table.negative",
            "table.not_a_number"
        ]
    );
}

#[test]
fn what_is_odd_but_possible_is_noticed() {
    let noticed = |files: &Files| {
        let (_, notices) = read_files(files).expect("a base");
        for notice in &notices {
            let known = crate::message::catalogue()
                .entries()
                .iter()
                .any(|e| e.code == notice.code);
            assert!(known && !notice.to_string().contains('{'), "{notice}");
        }
        notices.iter().map(|n| n.code).collect::<Vec<_>>()
    };
    assert_eq!(
        noticed(&with("ponds.csv", "feed,0.4,10", "feed,0.9,10")),
        ["base.opening_above_crest"]
    );
    assert_eq!(
        noticed(&with("ponds.csv", "old,0.3", "feed,0.3")),
        ["base.unused_brine"]
    );
    assert_eq!(
        noticed(&with("links.csv", "l1,wells,p1", "l1,p2,p1"))[0],
        "base.unused_source"
    );
}

#[test]
fn every_message_has_a_sentence_and_every_placeholder_is_filled() {
    use crate::message::catalogue;
    let mut mistakes = vec![
        with("base.toml", "[site]", "[site"),
        with("base.toml", "latitude = \"36.8 deg\"\n", ""),
        with("base.toml", "latitude =", "lattitude ="),
        with("base.toml", "seed = 7", "seed = -7"),
        with("base.toml", "\"2025-12-31\"", "\"2024-12-31\""),
        with("base.toml", "normals = \"normals.csv\"\n", ""),
        with("ponds.csv", "feed,0.4", "fed,0.4"),
        with("ponds.csv", "40,60,0.5", "40,60,0.7"),
        with("bathymetry.csv", "p1,0.6,40", "p1,0,40"),
        with("links.csv", "l1,wells,p1", "l1,p1,p1"),
        with("links.csv", "l1,wells,p1", "l1,p1,wells"),
        with("links.csv", "500,grade", "500,constant"),
        with("source_schedule.csv", "wells,2025-06-01", "wells,"),
    ];
    mistakes[11]
        .get_mut("links.csv")
        .expect("links")
        .push_str("l4,p2,p1,,overflow,,,,,\n");
    let mut said = Vec::new();
    for files in &mistakes {
        for error in errors(files) {
            let code = error.code();
            assert!(
                catalogue().entries().iter().any(|e| e.code == code),
                "{code}"
            );
            for lang in [Lang::En, Lang::Zh] {
                assert!(!error.text(lang).contains('{'), "{}", error.text(lang));
            }
            said.push(code);
        }
    }
    said.sort_unstable();
    said.dedup();
    assert!(said.len() >= 12, "{said:?}");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,60}", which in 0usize..12) {
        let mut files = valid();
        let file = *files.keys().nth(which).expect("a file");
        files.insert(file, text);
        let _ = read_files(&files);
    }

    #[test]
    fn a_torn_file_never_makes_the_reader_panic(cut in 0.0..1.0f64, which in 0usize..12) {
        let mut files = valid();
        let file = *files.keys().nth(which).expect("a file");
        let text = &files[file];
        let end = (text.len() as f64 * cut) as usize;
        let torn: String = text.char_indices().take_while(|(i, _)| *i < end).map(|(_, c)| c).collect();
        files.insert(file, torn);
        let _ = read_files(&files);
    }
}

#[test]
fn shifts_begin_at_rising_hours() {
    let with_shifts = |list: &str| {
        let files = with("base.toml", "[base]", &format!("[base]\nshifts = {list}"));
        read_files(&files)
    };
    let (base, _) = with_shifts("[\"08:00\", \"20:30\"]").expect("a base");
    let hours: Vec<_> = base.shifts.iter().map(|t| (t.hour(), t.minute())).collect();
    assert_eq!(hours, [(8, 0), (20, 30)]);
    assert_eq!(read_files(&valid()).expect("a base").0.shifts, []);
    for wrong in [
        "[\"8 o'clock\"]",
        "[\"24:00\"]",
        "[\"20:00\", \"08:00\"]",
        "[\"08:00\", \"08:00\"]",
    ] {
        let errors = with_shifts(wrong).expect_err(wrong);
        let codes: Vec<_> = errors.iter().map(|error| error.code()).collect();
        assert_eq!(codes, ["base.shift"], "{wrong}: {errors:?}");
        assert!(errors[0].to_string().contains("base.shifts"), "{errors:?}");
    }
}
