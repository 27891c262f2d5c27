//! Sessions by script, in time that is only counted.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use saltern_samples::{Reading, TagId};
use tokio::sync::oneshot;

use super::*;
use crate::treatment::tests::slot;
use crate::treatment::{Arrival, Value};

const SILENCE: Duration = Duration::from_secs(10);

struct Scene {
    shared: Arc<Shared>,
    outlet: mpsc::Receiver<Batch>,
    commands: mpsc::Sender<Command>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

fn lost() -> ConnectError {
    ConnectError::Lost {
        endpoint: "there".into(),
        reason: String::from("gone").into(),
    }
}

/// A connection of two tags whose sessions do as `script` says; the first argument is the session's number.
fn scene<F>(room: usize, script: impl Fn(usize, Line) -> F + Send + 'static) -> Scene
where
    F: Future<Output = Ended> + Send + 'static,
{
    let begun = Instant::now();
    let clock = Arc::new(move || begun.elapsed().as_micros() as i64);
    let shared = Arc::new(Shared::new(7, [slot(3), slot(4)].into(), clock, 1_000_000));
    let (inlet, outlet) = mpsc::channel(room);
    let (commands, receiver) = mpsc::channel(COMMANDS);
    let (stop, stopped) = watch::channel(false);
    let ward = Ward {
        shared: shared.clone(),
        id: "link".into(),
        endpoint: "there".into(),
        timeout: Duration::from_secs(5),
        silence: SILENCE,
        inlet,
        commands: receiver,
        stop: stopped,
        marks_gaps: true,
        seed: 1,
    };
    let sessions = AtomicUsize::new(0);
    let session = move |line| script(sessions.fetch_add(1, Ordering::Relaxed), line);
    Scene {
        shared,
        outlet,
        commands,
        stop,
        task: tokio::spawn(supervise(ward, session)),
    }
}

async fn value(line: &mut Line, slot: usize, number: f64) -> Result<(), ConnectError> {
    line.heard();
    line.take(slot, Arrival::good(Value::Number(number)));
    line.send().await
}

fn said(batch: Option<Batch>) -> Vec<(u32, Option<f64>, Quality)> {
    let readings = batch.map(|batch| batch.readings).unwrap_or_default();
    let say = |Reading { tag, sample }: &Reading| {
        let value = (!sample.value.is_nan()).then_some(sample.value);
        (tag.0, value, sample.quality)
    };
    readings.iter().map(say).collect()
}

#[tokio::test(start_paused = true)]
async fn waits_double_up_to_three_seconds() {
    let begins = Arc::new(Mutex::new(Vec::new()));
    let kept = begins.clone();
    let mut scene = scene(9, move |_, _line| {
        kept.lock().unwrap().push(Instant::now());
        async { Err(lost()) }
    });
    tokio::time::sleep(Duration::from_secs(30)).await;
    let begins = begins.lock().unwrap().clone();
    let waits: Vec<f64> = begins
        .windows(2)
        .map(|w| (w[1] - w[0]).as_secs_f64())
        .collect();
    for (wait, full) in waits.iter().zip([0.2, 0.4, 0.8, 1.6, 3.0, 3.0, 3.0]) {
        assert!(
            (0.8 * full - 0.002..=full + 0.002).contains(wait),
            "{waits:?}"
        );
    }
    // The other was never there: said once.
    let none = Quality::NOT_CONNECTED;
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, None, none), (4, None, none)]
    );
    assert!(scene.outlet.try_recv().is_err());
    let health = scene.shared.health().clone();
    assert_eq!((health.gaps, health.reconnects), (1, 0));
    assert_eq!(health.attempts as usize, begins.len());
    assert_eq!(health.trouble, Some(lost()));
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_one_gap_of_the_tags_that_had_values() {
    let mut scene = scene(9, |session, mut line| async move {
        match session {
            0 => value(&mut line, 0, 1.0).await?,
            5 => {
                value(&mut line, 0, 2.0).await?;
                std::future::pending::<()>().await;
            }
            _ => {}
        }
        Err(lost())
    });
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, Some(1.0), Quality::GOOD)]
    );
    let failed = Quality::COMM_FAILURE;
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, None, failed), (4, None, failed)]
    );
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, Some(2.0), Quality::GOOD)]
    );
    let health = scene.shared.health().clone();
    assert_eq!(
        (health.phase, health.gaps, health.reconnects),
        (Phase::Live, 1, 1)
    );
    assert_eq!((health.readings, health.trouble), (2, None));
}

#[tokio::test(start_paused = true)]
async fn silence_ends_a_session_and_its_late_words_do_not_count() {
    let mut scene = scene(9, |session, mut line| async move {
        value(&mut line, 0, session as f64).await?;
        // It lives on behind the supervisor's back.
        if session == 0 {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(12)).await;
                line.take(0, Arrival::good(Value::Number(99.0)));
                line.send().await
            });
        }
        std::future::pending().await
    });
    let begun = Instant::now();
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, Some(0.0), Quality::GOOD)]
    );
    assert_eq!(
        said(scene.outlet.recv().await),
        [
            (3, None, Quality::COMM_FAILURE),
            (4, None, Quality::COMM_FAILURE)
        ]
    );
    assert!((10..=11).contains(&begun.elapsed().as_secs()));
    assert!(matches!(
        scene.shared.health().trouble,
        Some(ConnectError::Silent { .. })
    ));
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, Some(1.0), Quality::GOOD)]
    );
    let (mut gaps, mut late) = (0, 0);
    while begun.elapsed().as_secs() < 40 {
        let readings = said(scene.outlet.recv().await);
        gaps += usize::from(readings.iter().any(|r| r.1.is_none()));
        late += readings.iter().filter(|r| r.1 == Some(99.0)).count();
    }
    assert!(gaps >= 2);
    assert_eq!(late, 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_begins_anew() {
    let mut scene = scene(9, |session, mut line| async move {
        value(&mut line, 0, session as f64).await?;
        assert!(session > 0, "a fault");
        std::future::pending().await
    });
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, Some(0.0), Quality::GOOD)]
    );
    assert_eq!(said(scene.outlet.recv().await)[0].1, None);
    let trouble = scene.shared.health().trouble.clone();
    let panicked =
        matches!(&trouble, Some(ConnectError::Panicked { reason, .. }) if reason == "a fault");
    assert!(panicked, "{trouble:?}");
    assert_eq!(
        said(scene.outlet.recv().await),
        [(3, Some(1.0), Quality::GOOD)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_inlet_slows_and_is_not_silence() {
    let mut scene = scene(1, |_, mut line| async move {
        for number in 0..100 {
            value(&mut line, 0, f64::from(number)).await?;
        }
        std::future::pending().await
    });
    tokio::time::sleep(SILENCE * 6).await;
    let mut next = 0.0;
    while next < 100.0 {
        assert_eq!(
            said(scene.outlet.recv().await),
            [(3, Some(next), Quality::GOOD)]
        );
        next += 1.0;
    }
    assert_eq!(scene.shared.health().gaps, 0);
}

#[tokio::test(start_paused = true)]
async fn writes_reach_a_live_session_alone() {
    let mut scene = scene(9, |_, mut line| async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        value(&mut line, 0, 0.0).await?;
        while let Some(command) = line.commands.recv().await {
            let _ = command.answer.send(Ok(()));
            value(&mut line, 0, command.value).await?;
        }
        Err(lost())
    });
    let write = |value| {
        let (answer, outcome) = oneshot::channel();
        let command = Command {
            tag: TagId(3),
            value,
            answer,
        };
        (command, outcome)
    };
    let (early, outcome) = write(7.0);
    scene.commands.send(early).await.expect("a supervisor");
    let refused = outcome.await.expect("an answer");
    assert_eq!(refused.map_err(|e| e.code()), Err("connect.not_live"));
    assert_eq!(said(scene.outlet.recv().await)[0].1, Some(0.0));
    let (command, outcome) = write(8.0);
    scene.commands.send(command).await.expect("a supervisor");
    assert_eq!(outcome.await.expect("an answer"), Ok(()));
    assert_eq!(said(scene.outlet.recv().await)[0].1, Some(8.0));
}

#[tokio::test(start_paused = true)]
async fn it_stops_when_told_and_when_nobody_listens() {
    let first = scene(9, |_, line| async move {
        line.heard();
        std::future::pending().await
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    first.stop.send(true).expect("a supervisor");
    first.task.await.expect("an end");
    assert_eq!(first.shared.health().phase, Phase::Stopped);

    let second = scene(9, |_, _line| async { Err(lost()) });
    drop(second.outlet);
    second.task.await.expect("an end");
    assert_eq!(second.shared.health().phase, Phase::Stopped);
}
