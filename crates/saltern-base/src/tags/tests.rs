use super::*;
use crate::error::BaseError;
use saltern_units::Lang;

const ASSETS: &str = "id,parent,level,name,name_zh,node,tenant\n\
    base,,site,Base,基地,,works\n\
    ponds,base,area,Ponds,盐田,,\n\
    c1,ponds,unit,Pond 1,池 1,c1,\n\
    p1,c1,equipment,Pump,泵,,guest\n\
    m1,p1,equipment,Motor,电机,,\n";
const TAGS: &str = "id,asset,unit,quantity,component,low,high,resolution,source,connection,period [min],writable,write_min,write_max\n\
    c1.level,c1,cm,level,,0,250,0.1,opcua:ns=2;s=c1.level,opc2,1,,,\n\
    c1.K,c1,g/L,assay,K,,,0.01,lab,,10080,,,\n\
    c1.state,c1,1,state,,,,,mqtt:spBv1.0/a/DDATA/b/c1#state,,1,,,\n\
    c1.target,c1,cm,level,,0,250,,manual,,1,yes,10,200\n\
    c1.gap,c1,cm,level,,,,,calculated,,,,,\n";
const CONNECTIONS: &str = "id,protocol,endpoint,timeout [s],secret\n\
    opc1,opcua,opc.tcp://a:4840/,,\n\
    opc2,opcua,opc.tcp://b:4840/,2,OPC_SECRET\n\
    broker,mqtt,mqtts://c,,\n";
const ALARMS: &str = "id,tag,kind,limit,reference,window [min],on_delay [min],suppress_when,cause,cause_zh,consequence,consequence_zh,action,action_zh\n\
    c1.low,c1.level,low,20,,,5,c1.state == 0 or alarm(c1.stale),a,甲,b,乙,c,丙\n\
    c1.off,c1.level,deviation,5,c1.target,,,,a,甲,b,乙,c,丙\n\
    c1.stale,c1.level,stale,,,10,,,a,甲,b,乙,c,丙\n";
const CALCULATED: &str = "tag,expression\nc1.gap,c1.level - c1.target\n";

/// The folder with some of its files given anew.
fn read_with(changed: &[(&str, &str)]) -> Result<Tags, Vec<BaseError>> {
    let files = [
        ("assets.csv", ASSETS),
        ("tags.csv", TAGS),
        ("alarms.csv", ALARMS),
        ("calculated.csv", CALCULATED),
        ("connections.csv", CONNECTIONS),
        ("ponds.csv", "id,name\nc1,Pond\n"),
    ];
    read(&|name| {
        let found = changed.iter().chain(&files).find(|(file, _)| *file == name);
        found.map(|(_, text)| text.to_string())
    })
}

fn codes(changed: &[(&str, &str)]) -> Vec<String> {
    let errors = read_with(changed).expect_err("an error");
    errors
        .iter()
        .map(|error| error.code().to_string())
        .collect()
}

fn says(changed: &[(&str, &str)]) -> String {
    let errors = read_with(changed).expect_err("an error");
    let said: Vec<String> = errors.iter().map(|error| error.text(Lang::En)).collect();
    said.join("\n")
}

#[test]
fn the_live_side_is_read_with_units_and_defaults() {
    let live = read_with(&[]).expect("a good folder");
    assert_eq!(live.assets.len(), 5);
    assert_eq!(live.assets[2].node.as_deref(), Some("c1"));
    assert_eq!(
        (live.tenant(2), live.tenant(4)),
        (Some("works"), Some("guest"))
    );
    let level = &live.tags[0];
    assert_eq!((level.unit.symbol, level.quantity), ("cm", Quantity::Level));
    assert_eq!(level.period_s, 60.0);
    assert_eq!(level.source, Source::OpcUa("ns=2;s=c1.level".into()));
    assert_eq!(live.tags[4].period_s, 60.0, "the default");
    assert_eq!(
        live.tags[3].writing,
        Some(Writing {
            low: 10.0,
            high: 200.0,
            two_persons: true
        })
    );
    let low = &live.alarms[0];
    assert_eq!(
        (low.kind, low.limit, low.on_delay_s),
        (AlarmKind::Low, 20.0, 300.0)
    );
    assert_eq!(
        (low.priority, low.shelve_max_s),
        (Priority::Medium, 12.0 * 3600.0)
    );
    assert_eq!(live.alarms[1].reference, Some(3));
    assert_eq!(
        live.calculated[0].formula.to_string(),
        "c1.level - c1.target"
    );
}

#[test]
fn tags_come_over_the_connection_they_name_or_the_only_one() {
    let live = read_with(&[]).expect("a good folder");
    let ways: Vec<Option<usize>> = live.tags.iter().map(|tag| tag.connection).collect();
    assert_eq!(ways, [Some(1), None, Some(2), None, None]);
    assert_eq!(live.connections[1].timeout_s, 2.0);
    assert_eq!(live.connections[1].secret.as_deref(), Some("OPC_SECRET"));
    let broker = &live.connections[2];
    assert_eq!((broker.timeout_s, broker.silence_s), (5.0, 10.0));

    let unnamed = TAGS.replace("c1.level,opc2", "c1.level,");
    let said = says(&[("tags.csv", &unnamed)]);
    assert!(
        said.contains("tags.csv, row 2, column connection: which connection brings it is not said"),
        "{said}"
    );
    assert!(said.contains("opcua: opc1, opc2"), "{said}");
    let other = TAGS.replace("c1.level,opc2", "c1.level,broker");
    let said = says(&[("tags.csv", &other)]);
    assert!(said.contains("there is no “broker”"), "{said}");
    // Without connections there are tags all the same.
    let without = [("tags.csv", unnamed.as_str()), ("connections.csv", "")];
    let codes: Vec<String> = codes(&without);
    assert_eq!(codes, ["table.empty"]);
}

#[test]
fn endpoints_and_addresses_are_checked() {
    let rows = "id,protocol,endpoint\nx,opcua,127.0.0.1:4840\n";
    let said = says(&[("connections.csv", rows)]);
    assert!(
        said.contains(
            "column endpoint: “127.0.0.1:4840” is not accepted; accepted: opc.tcp://HOST:PORT/PATH"
        ),
        "{said}"
    );
    let rows = TAGS.replace("opcua:ns=2;s=c1.level", "modbus:1/holding/70000");
    let said = says(&[("tags.csv", &rows)]);
    assert!(
        said.contains("column source: “modbus:1/holding/70000”"),
        "{said}"
    );
    assert!(said.contains("UNIT/holding/REGISTER"), "{said}");
}

#[test]
fn a_base_without_tags_has_none() {
    assert_eq!(read(&|_| None), Ok(Tags::default()));
    assert_eq!(
        read(&|file| (file == "tags.csv").then(|| "id,asset,unit,source\n".into())),
        Ok(Tags::default())
    );
}

#[test]
fn what_goes_out_comes_back_the_same() {
    let live = read_with(&[]).expect("a good folder");
    let written: Vec<(String, String)> = frames(&live).iter().map(texts).collect();
    let changed: Vec<(&str, &str)> = written
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let again = read_with(&changed).expect("what was written");
    let again: Vec<(String, String)> = frames(&again).iter().map(texts).collect();
    assert_eq!(written, again);
}

#[test]
fn mistakes_are_told_with_file_row_column_and_what_is_accepted() {
    let tag = |row: &str| {
        format!(
            "id,asset,unit,quantity,component,low,high,source,writable,write_min,write_max\n{row}\n"
        )
    };
    let only = |row: &str| {
        says(&[
            ("tags.csv", &tag(row)),
            ("alarms.csv", ""),
            ("calculated.csv", ""),
        ])
    };
    let said = only("t,c1,furlong,,,,,lab,,,");
    assert!(
        said.contains("tags.csv, row 2, column unit: the unit “furlong”"),
        "{said}"
    );
    let said = only("t,c1,kg,level,,,,lab,,,");
    assert!(said.contains("“kg” is the unit of a mass"), "{said}");
    let said = only("t,c1,m,assay,K,,,lab,,,");
    assert!(said.contains("accepted: kg/m3, g/L"), "{said}");
    let said = only("t,c1,g/L,assay,Xx,,,lab,,,");
    assert!(
        said.contains("column component: there is no “Xx”"),
        "{said}"
    );
    let said = only("t,c1,m,,,5,1,lab,,,");
    assert!(
        said.contains("column high: “1” is out of range; accepted: > 5"),
        "{said}"
    );
    let said = only("t,c1,m,,,,,bluetooth:1,,,");
    assert!(
        said.contains("column source: “bluetooth:1” is not accepted"),
        "{said}"
    );
    let said = only("t,c1,m,,,,,lab,yes,1,");
    assert!(
        said.contains("column write_max: the cell is blank"),
        "{said}"
    );
    let said = only("t,c9,m,,,,,lab,,,");
    assert!(
        said.contains("there is no “c9” (did you mean “c1”?)"),
        "{said}"
    );
}

#[test]
fn wholes_stand_above_their_parts() {
    let said = says(&[(
        "assets.csv",
        "id,parent,level\nbase,c1,site\nc1,base,unit\n",
    )]);
    assert!(
        said.contains("assets.csv, row 2: site is not below “c1” (unit)"),
        "{said}"
    );
    // Equipment can't go round in a ring, since it refers upwards.
    let rows = "id,parent,level\nc1,,unit\na,b,equipment\nb,a,equipment\n";
    assert_eq!(codes(&[("assets.csv", rows)]), ["base.asset_level"]);
    let rows = "id,parent,level,node\nc1,,unit,nowhere\n";
    assert_eq!(codes(&[("assets.csv", rows)]), ["base.unknown_id"]);
}

#[test]
fn alarms_have_what_their_kind_needs() {
    let head = "id,tag,kind,limit,reference,window [min],suppress_when,cause,cause_zh,consequence,consequence_zh,action,action_zh\n";
    let only = |row: &str| says(&[("alarms.csv", &format!("{head}{row}\n"))]);
    let said = only("a,c1.level,high,,,,,a,甲,b,乙,c,丙");
    assert!(
        said.contains("alarms.csv, row 2, column limit: the cell is blank"),
        "{said}"
    );
    let said = only("a,c1.level,stale,,,,,a,甲,b,乙,c,丙");
    assert!(
        said.contains("column window [min]: the cell is blank"),
        "{said}"
    );
    let said = only("a,c1.level,deviation,1,c1.K,,,a,甲,b,乙,c,丙");
    assert!(
        said.contains("“c1.K” is in g/L; accepted: a tag in cm"),
        "{said}"
    );
    let said = only("a,c1.level,high,1,,,c1.level <,a,甲,b,乙,c,丙");
    assert!(said.contains("the end at character 11"), "{said}");
    let said = only("a,c1.level,high,1,,,,a,甲,b,乙,,丙");
    assert!(said.contains("column action: the cell is blank"), "{said}");
}

#[test]
fn calculated_tags_have_one_formula_and_others_have_none() {
    assert_eq!(
        codes(&[("calculated.csv", "")]),
        ["table.empty", "base.no_formula"]
    );
    let twice = "tag,expression\nc1.gap,1 [cm]\nc1.gap,2 [cm]\n";
    assert_eq!(codes(&[("calculated.csv", twice)]), ["base.duplicate_id"]);
    let other = "tag,expression\nc1.gap,1 [cm]\nc1.K,2\n";
    assert_eq!(codes(&[("calculated.csv", other)]), ["base.not_calculated"]);
}

#[test]
fn the_example_is_in_order() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan");
    let live = read(&|file| std::fs::read_to_string(folder.join(file)).ok());
    let live = live.map_err(|errors| errors.iter().map(|e| e.text(Lang::En)).collect::<Vec<_>>());
    let live = live.expect("the example");
    assert!(live.tags.len() > 200 && live.alarms.len() > 100 && live.calculated.len() > 20);
    let lithium = live
        .assets
        .iter()
        .position(|asset| asset.who.id == "lithium");
    assert_eq!(lithium.and_then(|i| live.tenant(i)), Some("lithium"));
    let pond = live.assets.iter().position(|asset| asset.who.id == "n1");
    assert_eq!(pond.and_then(|i| live.tenant(i)), Some("works"));
}
