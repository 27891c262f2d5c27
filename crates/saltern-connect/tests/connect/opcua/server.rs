//! asyncua's client and node-opcua's against our server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use saltern_base::model::Label;
use saltern_base::tags::Tags;
use saltern_connect::opcua::{
    Anonymous, Application, Certificates, Folder, Kind, OpcUaServer, Point, ServerSettings, Space,
    WriteRefusal, WriteRequest,
};
use saltern_samples::{Quality, Sample};
use saltern_units::Lang;
use tokio::sync::mpsc;

use super::certificate;
use crate::peer::{Peer, now_us};

fn label(en: &str, zh: &str) -> Label {
    Label {
        en: en.into(),
        zh: zh.into(),
    }
}

/// A field with ponds of one level each, a state and a pump.
fn space(tags: usize) -> Space {
    let point = |i: usize| Point {
        id: format!("t{i:04}"),
        name: label(&format!("Level {i}"), &format!("液位 {i}")),
        folder: Some(1),
        unit: Some("m3/h".into()),
        range: Some((-1.0, 1e9)),
        kind: Kind::Number,
        writable: i == 1,
    };
    let other = |id: &str, kind| Point {
        id: id.into(),
        name: label(id, id),
        folder: Some(0),
        unit: None,
        range: None,
        kind,
        writable: true,
    };
    let mut points: Vec<Point> = (0..tags).map(point).collect();
    points.push(other("state", Kind::State));
    points.push(other("pump", Kind::Switch));
    let folder = |id: &str, en: &str, zh: &str, parent| Folder {
        id: id.into(),
        name: label(en, zh),
        parent,
    };
    Space {
        namespace: "urn:saltern:test:tags".into(),
        folders: vec![
            folder("site", "Site", "基地", None),
            folder("field", "Field", "盐田", Some(0)),
        ],
        points,
    }
}

fn settings(folder: &Path, writes: Option<mpsc::Sender<WriteRequest>>) -> ServerSettings {
    let application = Application::here("tests");
    ServerSettings {
        listen: "127.0.0.1:0".into(),
        certificates: Certificates::open(folder, &application).expect("certificates"),
        application,
        unsecured: true,
        anonymous: Anonymous::Writes,
        users: Some(Arc::new(|user, password| {
            (user, password) == ("ann", "right")
        })),
        writes,
        lang: Lang::En,
    }
}

/// Runs asyncua's client and says what it found.
fn client(server: &OpcUaServer, arguments: &[&str]) -> Peer {
    let mut all = vec![format!("opc.tcp://{}/", server.address())];
    all.extend(arguments.iter().map(ToString::to_string));
    Peer::script("opcua_client.py", &all)
}

/// What a client said until it was done.
async fn said(peer: Peer) -> Vec<String> {
    tokio::task::spawn_blocking(move || {
        let mut lines = Vec::new();
        while let Ok(line) = peer.said.recv_timeout(Duration::from_secs(60)) {
            lines.push(line);
        }
        lines
    })
    .await
    .expect("its words")
}

fn find<'l>(lines: &'l [String], word: &str) -> &'l str {
    let found = lines.iter().find_map(|line| line.strip_prefix(word));
    found
        .unwrap_or_else(|| panic!("no {word} in {lines:?}"))
        .trim()
}

fn publish_all(server: &OpcUaServer, tags: usize, round: f64) {
    let now = now_us();
    let updates: Vec<(usize, Sample)> = (0..tags)
        .map(|i| (i, Sample::good(now, round + i as f64 / 1000.0)))
        .collect();
    server.publish(&updates);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_finds_the_tree_and_hears_every_value() {
    const TAGS: usize = 1000;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(folder.path(), None);
    let begun = Instant::now();
    let server = OpcUaServer::start(settings, space(TAGS))
        .await
        .expect("a server");
    println!(
        "our OPC UA server with {TAGS} tags listens after {:.1?}",
        begun.elapsed()
    );
    let now = now_us();
    server.publish(&[
        (TAGS, Sample::good(now, 3.0)),
        (
            TAGS + 1,
            Sample {
                time_us: now,
                value: 1.0,
                quality: Quality::LAST_USABLE,
            },
        ),
        (
            3,
            Sample::gap(1_700_000_000_000_000, Quality::SENSOR_FAILURE),
        ),
    ]);
    let wanted = (TAGS + 2 + 5 * TAGS).to_string();
    let first = format!("ns=2;s=t{:04}", 0);
    let show = "t0000,t0999,state,pump";
    let peer = client(
        &server,
        &["--first", &first, "--wanted", &wanted, "--show", show],
    );
    let mut lines = Vec::new();
    while lines.last().is_none_or(|line| line != "ready") {
        lines.push(
            peer.said
                .recv_timeout(Duration::from_secs(60))
                .expect("a line"),
        );
    }
    // As many values within one publishing interval as a slow network would bring late.
    for round in 1..=5 {
        publish_all(&server, TAGS, f64::from(round));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    lines.extend(said(peer).await);

    assert_eq!(
        find(&lines, "namespaces"),
        format!(
            "http://opcfoundation.org/UA/ {} urn:saltern:test:tags",
            Application::here("tests").uri
        )
    );
    assert_eq!(find(&lines, "product"), "Saltern");
    assert_eq!(find(&lines, "variables"), (TAGS + 2).to_string());
    assert_eq!(
        find(&lines, "path"),
        "0:Root 0:Objects 2:site 2:field 2:t0000"
    );
    assert_eq!(find(&lines, "name "), "Level 0");
    assert_eq!(find(&lines, "description"), "液位 0");
    // m³/h by the list of the OPC Foundation.
    let unit = "5067080 m3/h http://www.opcfoundation.org/UA/units/un/cefact";
    assert_eq!(find(&lines, "unit"), unit);
    assert_eq!(find(&lines, "range"), "-1.0 1000000000.0");
    assert_eq!(find(&lines, "type"), "AnalogItemType");
    assert_eq!(find(&lines, "holds"), "Double");
    assert_eq!(find(&lines, "items"), (TAGS + 2).to_string());
    assert_eq!(find(&lines, "notified"), format!("{wanted} {}", TAGS + 2));
    assert!(find(&lines, "last t0000").starts_with("5.0 Good"));
    assert!(find(&lines, "last t0999").starts_with("5.999 Good"));
    assert!(find(&lines, "last state").starts_with("3 Good"));
    let told = format!("True UncertainLastUsableValue {}", now as f64 / 1e6);
    assert_eq!(find(&lines, "last pump"), told);
    server.stop().await;
}

/// A client of another make, which shares no code and no maker with the first.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_client_finds_reads_and_hears() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(&folder.path().join("ours"), None);
    settings.anonymous = Anonymous::Reads;
    let server = OpcUaServer::start(settings, space(3)).await;
    let server = server.expect("a server");
    let now = now_us();
    server.publish(&[(1, Sample::good(now, 0.25))]);
    let arguments = [
        format!("opc.tcp://{}/", server.address()),
        "/2:site/2:field/2:t0001".into(),
        "3.5".into(),
    ];
    let peer = Peer::node("opcua_client.js", &arguments, folder.path());
    let mut lines = Vec::new();
    while lines
        .last()
        .is_none_or(|line: &String| !line.starts_with("heard"))
    {
        let line = peer.said.recv_timeout(Duration::from_secs(60));
        lines.push(line.unwrap_or_else(|_| panic!("no value in {lines:?}")));
    }
    let doubtful = Sample {
        time_us: now + 2_000_000,
        value: 2.5,
        quality: Quality::LAST_USABLE,
    };
    let last = Sample::good(now + 3_000_000, 3.5);
    server.publish(&[(1, Sample::good(now + 1_000_000, 1.5))]);
    server.publish(&[(1, doubtful)]);
    server.publish(&[(1, last)]);
    lines.extend(said(peer).await);

    assert!(find(&lines, "namespaces").ends_with(" urn:saltern:test:tags"));
    assert_eq!(find(&lines, "node"), "ns=2;s=t0001");
    assert_eq!(find(&lines, "name "), "Level 1");
    assert_eq!(find(&lines, "unit"), "5067080 m3/h");
    let heard = lines.iter().filter_map(|line| line.strip_prefix("heard "));
    let expected = [
        (0.25, "Good", 0),
        (1.5, "Good", 1_000),
        (2.5, "UncertainLastUsableValue", 2_000),
        (3.5, "Good", 3_000),
    ];
    let expected = expected.map(|(value, status, later_ms)| {
        // What that client keeps of an instant are milliseconds.
        format!("{value} {status} {}", now / 1_000 + later_ms)
    });
    assert_eq!(heard.collect::<Vec<_>>(), expected);
    assert!(find(&lines, "written").starts_with("Bad"), "{lines:?}");
    assert_eq!(find(&lines, "done"), "");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_users_and_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    certificate(folder.path(), "urn:saltern:peer");
    let (writes, mut wanted) = mpsc::channel::<WriteRequest>(8);
    let mut settings = settings(&folder.path().join("ours"), Some(writes));
    settings.anonymous = Anonymous::Reads;
    settings.unsecured = false;
    let trusted = settings.certificates.folder().join("trusted/peer.der");
    let server = OpcUaServer::start(settings, space(3))
        .await
        .expect("a server");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (cert, key) = (path("cert.der"), path("key.pem"));
    let secured = |policy: &'static str| {
        ["--security", policy, "--certificate", &cert, "--key", &key].map(String::from)
    };
    let run = async |more: &[&str], policy: &'static str| {
        let arguments = secured(policy);
        let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        all.extend(more);
        said(client(&server, &all)).await
    };
    // Nobody without security, nobody whose certificate is unknown.
    let open = said(client(&server, &[])).await;
    assert!(find(&open, "refused").contains("Error"), "{open:?}");
    let unknown = run(&[], "Basic256Sha256").await;
    assert_eq!(find(&unknown, "refused"), "BadCertificateUntrusted");
    let again = run(&[], "Basic256Sha256").await;
    assert_eq!(find(&again, "refused"), "BadSecurityChecksFailed");
    std::fs::copy(PathBuf::from(&cert), &trusted).expect("to trust it");
    tokio::time::sleep(Duration::from_secs(6)).await;
    for policy in [
        "Basic256Sha256",
        "Aes128_Sha256_RsaOaep",
        "Aes256_Sha256_RsaPss",
    ] {
        assert_eq!(run(&[], policy).await, ["connected", "done"], "{policy}");
    }
    let wrong = run(&["--user", "ann", "--password", "wrong"], "Basic256Sha256").await;
    assert_eq!(find(&wrong, "refused"), "BadUserAccessDenied");

    // Those without a name only read.
    let anonymous = run(&["--write", "ns=2;s=t0001=5.5"], "Basic256Sha256").await;
    assert_eq!(find(&anonymous, "write_refused"), "BadUserAccessDenied");
    let takes = tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Some(request) = wanted.recv().await {
            taken.push((request.point, request.value, request.user));
            let outcome = if request.value > 9.0 {
                Err(WriteRefusal::OutOfRange)
            } else {
                Ok(())
            };
            let _ = request.answer.send(outcome);
        }
        taken
    });
    let ann = ["--user", "ann", "--password", "right", "--write"];
    let write = async |what: &str, kind: &str| {
        let all = [&ann[..], &[what, "--kind", kind]].concat();
        run(&all, "Aes256_Sha256_RsaPss").await
    };
    assert!(
        write("ns=2;s=t0001=5.5", "Double")
            .await
            .contains(&"written".into())
    );
    assert!(
        write("ns=2;s=pump=1", "Boolean")
            .await
            .contains(&"written".into())
    );
    let high = write("ns=2;s=t0001=10", "Double").await;
    assert_eq!(find(&high, "write_refused"), "BadOutOfRange");
    let fixed = write("ns=2;s=t0002=1", "Double").await;
    assert!(
        find(&fixed, "write_refused").starts_with("Bad"),
        "{fixed:?}"
    );
    server.stop().await;
    let ann = || Some("ann".to_string());
    let expected = vec![(1, 5.5, ann()), (4, 1.0, ann()), (1, 10.0, ann())];
    assert_eq!(takes.await.expect("writes"), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_is_shown_by_its_assets_and_doubles_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let live: Tags = crate::peer::live(
        "id,protocol,endpoint\nplc,modbus,127.0.0.1:502\n",
        "id,asset,unit,quantity,source,period [s],low,high\n\
         p.level,a,m,level,manual,60,0,3\n\
         p.state,a,1,state,manual,60,,\n",
    );
    let space = Space::of_base("urn:saltern:base", &live);
    assert_eq!(space.points[0].range, Some((0.0, 3.0)));
    assert_eq!(space.points[1].kind, Kind::State);
    let server = OpcUaServer::start(settings(folder.path(), None), space.clone()).await;
    let server = server.expect("a server");
    assert!(server.is_serving());
    server.stop().await;
    let mut twice = space;
    twice.points.push(twice.points[0].clone());
    let refused = OpcUaServer::start(settings(folder.path(), None), twice).await;
    assert_eq!(
        refused.err().map(|error| error.code()),
        Some("connect.doubled_node")
    );
}
