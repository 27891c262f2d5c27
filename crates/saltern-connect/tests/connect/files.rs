//! Files dropped into a folder.

use saltern_samples::Quality;

use crate::peer::{live, plant_in};

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
    let mut keep = |r: saltern_samples::Reading| {
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
    let failed = drop.join("failed/3.csv.report.txt");
    let begun = std::time::Instant::now();
    while !failed.exists() {
        assert!(begun.elapsed().as_secs() < 30, "no report");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let report = std::fs::read_to_string(failed).expect("a report");
    assert!(
        report.contains("3.csv, row 1, column nobody: there is no tag “nobody”"),
        "{report}"
    );
    assert!(report.contains("没有"), "{report}");
    assert!(drop.join("done/1.csv").exists() && !drop.join("1.csv").exists());
    assert_eq!(plant.connections.health()[0].1.refused, 1);

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
