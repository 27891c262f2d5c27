//! Our client against our server, as the plant to play with has it.

use saltern_connect::opcua::{
    Anonymous, Application, Certificates, Kind, OpcUaServer, Point, ServerSettings, Space,
    WriteRefusal, WriteRequest,
};
use saltern_samples::{Quality, Reading, Sample, TagId};
use saltern_units::Lang;
use tokio::sync::mpsc;

use crate::peer::{BACK, Plant, free_port, live, now_us, plant_in};

const TAGS: usize = 300;

fn space() -> Space {
    let point = |i: usize| Point {
        id: format!("t{i}"),
        name: saltern_base::model::Label {
            en: format!("Tag {i}"),
            zh: format!("测点 {i}"),
        },
        folder: None,
        unit: Some("m".into()),
        range: None,
        kind: if i == 1 { Kind::State } else { Kind::Number },
        writable: i < 2,
    };
    Space {
        namespace: "urn:saltern:plant".into(),
        folders: Vec::new(),
        points: (0..TAGS).map(point).collect(),
    }
}

async fn serve(
    port: u16,
    certificates: &Certificates,
    writes: &mpsc::Sender<WriteRequest>,
) -> OpcUaServer {
    let settings = ServerSettings {
        listen: format!("127.0.0.1:{port}"),
        application: Application::here("plant"),
        certificates: certificates.clone(),
        unsecured: false,
        anonymous: Anonymous::Writes,
        users: None,
        writes: Some(writes.clone()),
        lang: Lang::Zh,
    };
    OpcUaServer::start(settings, space())
        .await
        .expect("a server")
}

fn all(server: &OpcUaServer, value: f64, quality: Quality) {
    let time_us = now_us();
    let sample = Sample {
        time_us,
        value,
        quality,
    };
    let updates: Vec<(usize, Sample)> = (0..TAGS).map(|i| (i, sample)).collect();
    server.publish(&updates);
}

/// Waits until every tag has this value in this quality.
async fn reached(plant: &mut Plant, value: f64, quality: Quality) {
    let mut seen = std::collections::HashSet::new();
    let mut wanted = |Reading { tag, sample }: Reading| {
        let same = sample.value == value || (sample.value.is_nan() && value.is_nan());
        if same && sample.quality == quality {
            seen.insert(tag.0);
        }
        seen.len() == TAGS
    };
    let what = format!("{value} {quality:?} of every tag");
    plant.within(BACK, &what, &mut wanted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_qualities_and_writes_pass_and_a_stopped_server_is_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = |name: &str, base: &str| {
        let folder = folder.path().join(name);
        Certificates::open(&folder, &Application::here(base)).expect("certificates")
    };
    let (theirs, ours) = (open("plant", "plant"), open("here/opcua", "tests"));
    theirs.trust(&ours.own()).expect("to trust us");
    ours.trust(&theirs.own()).expect("to trust them");

    let port = free_port();
    let (writes, mut wanted) = mpsc::channel(8);
    let mut server = serve(port, &theirs, &writes).await;
    all(&server, 3.0, Quality::GOOD);
    // Security is not named: the strongest is taken.
    let connections = format!(
        "id,protocol,endpoint,timeout [s],silence [s]\nplc,opcua,opc.tcp://127.0.0.1:{port}/,5,5\n"
    );
    let head = "id,asset,unit,source,period [s],writable,write_min,write_max\n".to_string();
    let row = |i: usize| format!("t{i},a,m,opcua:nsu=urn:saltern:plant;s=t{i},1,yes,0,9\n");
    let base = live(
        &connections,
        &(head + &(0..TAGS).map(row).collect::<String>()),
    );
    let mut plant = plant_in(&base, &folder.path().join("here"));
    reached(&mut plant, 3.0, Quality::GOOD).await;
    // The value stays, what it is worth changes.
    all(&server, 3.0, Quality::INACCURATE);
    reached(&mut plant, 3.0, Quality::INACCURATE).await;
    all(&server, f64::NAN, Quality::OUT_OF_SERVICE);
    reached(&mut plant, f64::NAN, Quality::OUT_OF_SERVICE).await;

    let taken = tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Some(request) = wanted.recv().await {
            taken.push((request.point, request.value));
            let high = Some(WriteRefusal::OutOfRange).filter(|_| request.value > 8.0);
            let _ = request.answer.send(high.map_or(Ok(()), Err));
        }
        taken
    });
    let code = |outcome: Result<(), saltern_connect::ConnectError>| outcome.map_err(|e| e.code());
    let refused = Err("connect.write_refused");
    for (tag, value, expected) in [
        (0, 7.5, Ok(())),
        (0, 8.5, refused),
        // A state is whole; a third tag may not be written; the plant never hears of either.
        (1, 2.0, Ok(())),
        (1, 2.5, refused),
        (2, 1.0, refused),
    ] {
        let outcome = plant.connections.write(TagId(tag), value).await;
        assert_eq!(code(outcome), expected, "{tag} {value}");
    }

    for round in 4..7 {
        all(&server, f64::from(round), Quality::GOOD);
        reached(&mut plant, f64::from(round), Quality::GOOD).await;
        server.stop().await;
        reached(&mut plant, f64::NAN, Quality::COMM_FAILURE).await;
        server = serve(port, &theirs, &writes).await;
    }
    all(&server, 9.0, Quality::GOOD);
    reached(&mut plant, 9.0, Quality::GOOD).await;
    assert_eq!(plant.connections.health()[0].1.gaps, 3);
    plant.connections.stop().await;
    server.stop().await;
    drop(writes);
    assert_eq!(taken.await.expect("writes"), [(0, 7.5), (0, 8.5), (1, 2.0)]);
}
