//! `base tags`: out to a spreadsheet and back.

use std::path::Path;

use crate::harness::{Room, names};

fn base(room: &Room) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan");
    for name in names(&example) {
        if example.join(&name).is_file() {
            let text = std::fs::read_to_string(example.join(&name)).expect("a table");
            room.file(&format!("lake/{name}"), &text);
        }
    }
}

fn read(room: &Room, name: &str) -> String {
    std::fs::read_to_string(room.path(name)).expect("a table")
}

#[test]
fn tags_go_out_to_a_workbook_and_come_back_the_same() {
    let room = Room::new();
    base(&room);
    let said = room.line("base tags lake -o out/tags.xlsx");
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(
        said.stderr.contains("252 tags, 129 alarms"),
        "{}",
        said.stderr
    );
    let said = room.line("base tags lake --import out/tags.xlsx");
    assert_eq!(said.code, 0, "{}", said.stderr);
    let same = "252 tags (0 new, 0 changed, 0 gone), 129 alarms";
    assert!(said.stderr.contains(same), "{}", said.stderr);

    // As CSV, with a tag more, one renamed by its Chinese name, one gone.
    assert_eq!(room.line("base tags lake -o out").code, 0);
    let tags = read(&room, "out/tags.csv");
    let edited: Vec<String> = tags
        .lines()
        .filter(|line| !line.starts_with("weather.pan,"))
        .map(|line| line.replace("气象站气压", "大气压"))
        .collect();
    let one = edited
        .iter()
        .find(|line| line.starts_with("weather.wind,"))
        .expect("a tag");
    let more = one
        .replace("weather.wind", "weather.gust")
        .replace("edge1#weather.wind", "edge1#weather.gust");
    room.file("out/tags.csv", &(edited.join("\n") + "\n" + &more + "\n"));
    let said = room.line("base tags lake --import out --lang zh");
    assert_eq!(said.code, 0, "{}", said.stderr);
    let told = "252 个位号（新增 1、修改 1、删除 1）";
    assert!(said.stderr.contains(told), "{}", said.stderr);
    assert!(read(&room, "lake/tags.csv").contains("weather.gust"));
}

#[test]
fn a_wrong_table_changes_nothing() {
    let room = Room::new();
    base(&room);
    let before = read(&room, "lake/tags.csv");
    assert_eq!(room.line("base tags lake -o out").code, 0);
    let wrong = read(&room, "out/tags.csv").replace("n0.level,n0,", "n0.level,nowhere,");
    room.file("out/tags.csv", &wrong);
    let said = room.line("base tags lake --import out");
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("nowhere"), "{}", said.stderr);
    assert_eq!(read(&room, "lake/tags.csv"), before);
    room.file("empty.txt", "nothing");
    let said = room.line("base tags lake --import empty.txt");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("tags.no_tables"), "{}", said.stderr);
}
