//! Tables that hold anything.

use saltern_fuzz::withstands;

use super::tests::columns;
use crate::stage::{Stage, live, slots};

const LONG: &str = "time,tag,value,quality\n2026-01-01T00:00:00Z,heap,5,\n2026-01-01 08:01,stock/heap,,bad\n\
    2026-01-02T00:00+08:00,n1.K,1e3,良好\n";
const WIDE: &str = "time,stock/heap [kg],n1.K [mg/L],n1.density\n2026-01-01T08:00:00+08:00,2500,,1.2\n2026-01-01,,9.5,\n";
const LABORATORY: &str = "pond,time,sample,K [mg/L],density [kg/m3]\nn1,2026-01-01T00:00Z,a7,1500,1250\nn1,2026-01-02,\"a, 8\",1600,\n";

#[test]
fn tables_hold_anything() {
    let columns = columns();
    let base = live(
        "id,protocol,endpoint\ndrop,file,drop\n",
        "id,asset,unit,source\nx,a,t,manual\ny,a,g/L,manual\nz,a,g/cm3,manual\n",
    );
    let slots = slots(&base);
    let read = |bytes: &[u8]| {
        let entries = columns.read("drop.csv", &String::from_utf8_lossy(bytes));
        match entries {
            Ok(entries) => {
                let mut line = Stage::of(&slots).line;
                for entry in &entries {
                    line.take(entry.slot, entry.arrival());
                }
                entries.len()
            }
            Err(errors) => {
                for error in errors {
                    let _ = error.to_string();
                }
                0
            }
        }
    };
    let examples = [LONG, WIDE, LABORATORY].map(|text| text.as_bytes().to_vec());
    assert_eq!(
        examples.each_ref().map(|e| read(e)),
        [3, 3, 3],
        "the examples are sound"
    );
    let tokens = [
        "-009999-01-01",
        "9999-12-31T23:59:60Z",
        "[kg/m3/]",
        "\u{2212}1",
        "asset",
    ];
    withstands(
        "tables",
        2_000,
        &examples,
        &tokens.map(str::as_bytes),
        |_, bytes| {
            read(bytes);
        },
    );
}
