use super::*;
use crate::Lang;
use crate::message::Message;
use jiff::civil::date;

const BRINES: &str = "\u{feff}# measured in spring\nid,Na [g/L],\"note\",from\r\na,60.5,\"one, two\nthree\",2025-04-01\r\n\r\n,,,\r\nb,,x,\r\n";

fn one_cell(header: &str, text: &str) -> Table {
    Table::read("t.csv", &format!("id,{header}\nx,{text}\n")).expect("a table")
}

/// Reads the cell in row 2, column B.
fn error<T: std::fmt::Debug>(
    text: &str,
    read: impl Fn(Cell<'_>) -> Result<T, TableError>,
) -> TableError {
    let table = one_cell("depth [cm]", text);
    read(table.cell(&table.rows[0], 1)).expect_err("an error")
}

fn refusal(text: &str) -> TableError {
    Table::read("t.csv", text).expect_err("an error")
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let table = Table::read("brines.csv", BRINES).expect("a table");
    assert_eq!(table.header_row, 2);
    assert_eq!(
        table.rows.iter().map(|r| r.number).collect::<Vec<_>>(),
        [3, 6]
    );
    assert_eq!(
        table.rows[0].cells,
        ["a", "60.5", "one, two\nthree", "2025-04-01"]
    );
    assert_eq!(
        table.columns[1],
        Header {
            name: "Na".into(),
            unit: "g/L".into()
        }
    );
}

#[test]
fn cells_are_read_as_what_they_are_asked_for() {
    let table = Table::read("brines.csv", BRINES).expect("a table");
    let na = table.column("Na").expect("a column");
    assert_eq!(table.cell(&table.rows[0], na).number(), Ok(60.5));
    assert_eq!(
        table
            .cell(&table.rows[0], na)
            .quantity(Dimension::Concentration),
        Ok(60.5)
    );
    assert_eq!(table.cell(&table.rows[1], na).optional_number(), Ok(None));
    let from = table.column("from").expect("a column");
    assert_eq!(
        table.cell(&table.rows[0], from).date(),
        Ok(date(2025, 4, 1))
    );
    assert_eq!(table.cell(&table.rows[1], from).optional_date(), Ok(None));
}

#[test]
fn columns_left_empty_by_a_spreadsheet_are_dropped() {
    let table = Table::read("t.csv", "a,b,,\n1,2,,\n").expect("a table");
    assert_eq!((table.columns.len(), table.rows[0].cells.len()), (2, 2));
}

#[test]
fn broken_tables_are_refused_with_their_place() {
    let say = |text: &str| refusal(text).to_string();
    assert_eq!(
        say(""),
        "t.csv: the file is empty; a header row and at least one row are needed"
    );
    assert_eq!(say("# only a remark\n"), say(""));
    assert_eq!(
        say("id,depth [m]\n"),
        "t.csv: the table is empty; there is a header and no row below it"
    );
    assert_eq!(
        say("a,b\n1,2\n3\n"),
        "t.csv, row 3: 1 cells where the header has 2 columns"
    );
    assert_eq!(
        say("a,b\n1,2,3\n"),
        "t.csv, row 2: 3 cells where the header has 2 columns"
    );
    assert_eq!(
        say("a [m],a [cm]\n1,2\n"),
        "t.csv, row 1, column a [cm]: there are two columns named “a”"
    );
    assert_eq!(refusal("a,,c\n1,2,3\n").code(), "table.bad_header");
    assert_eq!(refusal("a,b [m\n1,2\n").code(), "table.bad_header");
    assert_eq!(refusal("a,b\n1,\"2\n").code(), "table.unreadable");
}

#[test]
fn a_missing_column_is_named_with_those_that_are_there() {
    let table = one_cell("depth [cm]", "35");
    let error = table.column("area").expect_err("missing");
    assert_eq!(
        error.to_string(),
        "t.csv, row 1: the column “area” is missing; there are: id, depth [cm]"
    );
    assert_eq!(
        error.text(Lang::Zh),
        "t.csv 第 1 行：缺少“area”列；现有：id、depth [cm]"
    );
}

#[test]
fn bad_cells_are_refused_with_place_value_and_what_is_accepted() {
    let number = |text: &str| error(text, |c| c.non_negative());
    assert_eq!(
        number("deep").to_string(),
        "t.csv, row 2, column depth [cm]: “deep” is not accepted; accepted: a decimal number such as 0.35"
    );
    assert_eq!(number("NaN").code(), "table.not_finite");
    assert_eq!(number("-inf").code(), "table.not_finite");
    assert_eq!(
        number("-1").to_string(),
        "t.csv, row 2, column depth [cm]: “-1” is negative"
    );
    assert_eq!(number("").code(), "table.blank");
    assert_eq!(error("4.5", |c| c.count()).code(), "table.not_a_number");
    assert_eq!(
        error("2025-13-40", |c| c.date()).to_string(),
        "t.csv, row 2, column depth [cm]: “2025-13-40” is not a day of the calendar; accepted: YYYY-MM-DD, 2025-04-01"
    );
    assert_eq!(
        error("wet", |c| c.choice(&["dry", "dredge"])).to_string(),
        "t.csv, row 2, column depth [cm]: “wet” is not accepted; accepted: dry, dredge"
    );
}

#[test]
fn a_wrong_unit_in_a_header_is_refused_with_what_is_accepted() {
    let wrong = error("35", |c| c.quantity(Dimension::Area));
    assert_eq!(wrong.code(), "units.wrong_dimension");
    assert_eq!(wrong.place(), &Place::cell("t.csv", 1, "depth [cm]"));
    let table = one_cell("depth", "35");
    let missing = table
        .cell(&table.rows[0], 1)
        .quantity(Dimension::Length)
        .expect_err("no unit");
    assert_eq!(missing.code(), "units.missing_unit");
}

#[test]
fn headers_convert_to_si() {
    let table = one_cell("depth [cm]", "35");
    let depth = table
        .cell(&table.rows[0], 1)
        .quantity(Dimension::Length)
        .expect("a depth");
    assert!((depth - 0.35).abs() < 1e-15);
}
