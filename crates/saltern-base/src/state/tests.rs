use super::*;
use crate::folder;

/// Two ponds, one link, one harvest.
pub(crate) fn base() -> Base {
    let files = |path: &str| {
        let text = match path {
            "base.toml" => {
                "[base]\nname = \"x\"\n[site]\nlatitude = \"0 deg\"\nlongitude = \"0 deg\"\nelevation = \"0 m\"\n\
                 utc_offset = \"0 h\"\n[period]\nfrom = 2025-01-01\nto = 2025-12-31\n[weather]\nfile = \"w.epw\"\n"
            }
            "w.epw" => "LOCATION",
            "brines.csv" => "id,Na [g/L],Cl [g/L]\nfeed,90,140\n",
            "ponds.csv" => {
                "id,stage,area [ha],depth_max [m],depth_target [m],leakage [mm/d],opening_brine,opening_depth [m]\n\
                 p1,halite,40,0.6,0.5,0.5,feed,0.4\np2,carnallite,20,0.6,0.4,0.5,feed,0.3\n"
            }
            "links.csv" => "id,from,to,capacity [m3/h],rule\nl1,p1,p2,100,constant\n",
            "harvests.csv" => "id,pond,stockpile,method,start,days\nh1,p2,pile,dry,09-01,60\n",
            _ => return None,
        };
        Some(text.to_string())
    };
    folder::read("x", &files).expect("a base").0
}

const STATE: &str = "pond,depth [cm],temperature [degC],Na [g/L],Cl [g/L],pH,floor Halite [cm],floor Gypsum [mm]\n\
                     p2,35,12,80,150,7.1,4,\np1,40,11,85,,,10,2\n";

/// The one error of the table with one text replaced.
fn the_error(old: &str, new: &str) -> String {
    assert!(STATE.contains(old));
    let errors = read("state.csv", &STATE.replacen(old, new, 1), &base()).expect_err("an error");
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].to_string()
}

#[test]
fn a_state_is_read_in_si_with_its_assay_kept_as_written() {
    let state = read("state.csv", STATE, &base()).expect("a state");
    let first = &state.ponds[0];
    assert_eq!((first.pond, first.temperature_k), (1, 285.15));
    assert!((first.depth_m - 0.35).abs() < 1e-15);
    let assay: Vec<&str> = first
        .assay
        .iter()
        .map(|(header, _)| header.as_str())
        .collect();
    assert_eq!(assay, ["temperature [degC]", "Na [g/L]", "Cl [g/L]", "pH"]);
    assert_eq!(first.floor, [("Halite".to_string(), 0.04)]);
    assert_eq!(
        state.ponds[1].floor,
        [("Halite".to_string(), 0.1), ("Gypsum".to_string(), 0.002)]
    );
    assert_eq!(state.ponds[1].assay.len(), 2);
}

#[test]
fn mistakes_in_a_state_are_shown_with_row_and_column() {
    assert_eq!(
        the_error("p2,35", "p9,35"),
        "state.csv, row 2, column pond: there is no “p9” (did you mean “p1”?); there are: p1, p2"
    );
    assert!(
        the_error("p1,40", "p2,40")
            .starts_with("state.csv, row 3, column pond: the id “p2” is already used")
    );
    assert_eq!(
        the_error("p2,35", "p2,-35"),
        "state.csv, row 2, column depth [cm]: “-35” is negative"
    );
    assert!(the_error("p2,35", "p2,nan").ends_with("“nan” is not a finite number"));
    assert!(the_error("temperature [degC]", "temperature").contains("“temperature” has no unit"));
    assert_eq!(
        the_error("7.1,4,", "7.1,-4,"),
        "state.csv, row 2, column floor Halite [cm]: “-4” is negative"
    );
    assert!(the_error("floor Gypsum [mm]", "floor Gypsum [kg]").contains("is the unit of a mass"));
    let errors = read("state.csv", "", &base()).expect_err("empty");
    assert_eq!(errors[0].code(), "table.empty");
}
