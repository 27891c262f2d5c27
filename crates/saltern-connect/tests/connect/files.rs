//! Files dropped into a folder.

use std::path::Path;
use std::time::{Duration, Instant};

use saltern_base::model::Label;
use saltern_samples::{Quality, Reading, TagId};
use saltern_units::Lang;

use crate::peer::{live, plant_in, plant_with};

/// What a report says, once it is there.
async fn report(path: &Path) -> String {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "no report");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    std::fs::read_to_string(path).expect("a report")
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_files_are_read_and_put_away() {
    let room = tempfile::tempdir().expect("a folder");
    let base = live(
        "id,protocol,endpoint\ndrop,file,drop\n",
        "id,asset,unit,quantity,component,source,high\nheap,a,t,mass,,file:stock/heap,100\na.K,a,g/L,assay,K,lab,\n",
    );
    let drop = room.path().join("drop");
    std::fs::create_dir(&drop).expect("a folder");
    let mut plant = plant_in(&base, room.path());
    std::fs::write(
        drop.join("1.csv"),
        "time,stock/heap [kg]\n2026-01-01,5000\n2026-01-02,500000\n",
    )
    .expect("a file");
    std::fs::write(
        drop.join("2.csv"),
        "asset,time,K [g/L]\na,2026-01-03T08:00,31.5\n",
    )
    .expect("a file");
    std::fs::write(drop.join("3.csv"), "time,nobody\n2026-01-01,5000\n").expect("a file");
    let mut seen = Vec::new();
    let mut keep = |r: Reading| {
        seen.push((r.tag.0, r.sample.value, r.sample.quality));
        seen.len() == 3
    };
    plant.until("all values", &mut keep).await;
    assert_eq!(
        seen,
        [
            (0, 5.0, Quality::GOOD),
            (0, 500.0, Quality::RANGE_EXCEEDED),
            (1, 31.5, Quality::GOOD)
        ]
    );
    let report = report(&drop.join("failed/3.csv.report.txt")).await;
    assert!(
        report.contains("3.csv, row 1, column nobody: there is no tag “nobody”"),
        "{report}"
    );
    assert!(report.contains("没有"), "{report}");
    assert!(drop.join("done/1.csv").exists() && !drop.join("1.csv").exists());
    assert_eq!(plant.connections.health()[0].1.refused, 1);
    let refused = plant.connections.write(TagId(0), 1.0).await;
    let said = refused.expect_err("files are only read").text(Lang::Zh);
    assert_eq!(said, "“heap”未写入：文件只能读取");

    plant.connections.stop().await;

    // A connection that can't be begun harms no other.
    let base = live(
        "id,protocol,endpoint,secret\ndrop,file,drop,\nbroker,mqtt,mqtt://127.0.0.1,SALTERN_TEST_NO_SUCH_SECRET\n",
        "id,asset,unit,source\nheap,a,t,file:stock/heap\nx,a,1,mqtt:x\n",
    );
    let mut plant = plant_in(&base, room.path());
    plant
        .until("the other's gap", |r| {
            r.sample.quality == Quality::CONFIGURATION_ERROR
        })
        .await;
    std::fs::write(drop.join("4.csv"), "time,heap\n2026-01-01,5\n").expect("a file");
    plant.until("the file", |r| r.sample.value == 5.0).await;
    let health = plant.connections.health();
    assert_eq!(
        health[1].1.trouble.as_ref().map(|t| t.code()),
        Some("connect.secret")
    );
    plant.connections.stop().await;
}

/// What every workbook begins with, being a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// A reader of workbooks for which a sheet is the text behind the head of the archive.
fn first_sheet(name: &str, bytes: &[u8]) -> Result<String, Label> {
    let sheet = bytes.strip_prefix(ZIP).unwrap_or_default();
    String::from_utf8(sheet.to_vec()).map_err(|_| Label {
        en: format!("{name} has no sheet that can be read"),
        zh: format!("{name} 没有可读取的工作表"),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_workbooks_are_read_and_broken_ones_are_told_of() {
    let room = tempfile::tempdir().expect("a folder");
    let base = live(
        "id,protocol,endpoint\ndrop,file,drop\n",
        "id,asset,unit,source\nheap,a,t,file:stock/heap\n",
    );
    let drop = room.path().join("drop");
    std::fs::create_dir(&drop).expect("a folder");
    let lay = |name: &str, sheet: &[u8]| {
        std::fs::write(drop.join(name), [ZIP, sheet].concat()).expect("a file");
    };
    lay("1.xlsx", b"time,stock/heap [kg]\n2026-01-01,5000\n");
    lay("2.xlsx", b"time,heap\n2026-01-02,6\n\xFF");
    lay("3.xlsx", b"time,heap\n2026-01-03,7\n2026-01-04,much\n");
    lay("4.XLSX", "time,tag,value\n2026-01-05,heap,8\n".as_bytes());
    // What a program that has a workbook open lays beside it.
    lay("~$1.xlsx", b"nobody's");

    let mut plant = plant_with(&base, room.path(), Some(first_sheet));
    let mut seen = Vec::new();
    let mut keep = |r: Reading| {
        seen.push((r.sample.value, r.sample.quality));
        r.sample.value == 8.0
    };
    plant.until("the last workbook", &mut keep).await;
    // Of a broken one nothing is taken.
    assert_eq!(seen, [(5.0, Quality::GOOD), (8.0, Quality::GOOD)]);

    let said = report(&drop.join("failed/2.xlsx.report.txt")).await;
    for part in [
        "2.xlsx has no sheet that can be read",
        "2.xlsx 无法读取：2.xlsx 没有可读取的工作表",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let said = report(&drop.join("failed/3.xlsx.report.txt")).await;
    assert!(said.contains("3.xlsx, row 3, column heap"), "{said}");
    for there in ["failed/2.xlsx", "failed/3.xlsx", "done/1.xlsx", "~$1.xlsx"] {
        assert!(drop.join(there).exists(), "{there}");
    }
    assert_eq!(plant.connections.health()[0].1.refused, 2);
    plant.connections.stop().await;

    // Where nobody reads workbooks they are not taken for tables of something else.
    let plant = plant_in(&base, room.path());
    lay("5.xlsx", b"\xFF");
    let said = report(&drop.join("failed/5.xlsx.report.txt")).await;
    assert!(said.contains("nor a workbook"), "{said}");
    plant.connections.stop().await;
}
