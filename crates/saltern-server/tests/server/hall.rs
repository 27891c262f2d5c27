//! A small base at work, and people who ask it for things.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use saltern_base::model::{Base, Label};
use saltern_history::Options;
use saltern_server::{
    Dispatch, Identity, Laboratory, Lake, MakeCommand, Nights, PageFile, Problem, Serving, Settings,
};
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) const ASSETS: &str = "id,parent,level,name,name_zh,node,tenant
park,,enterprise,Park,园区,,
a,park,site,Enterprise A,甲企业,,a
b,park,site,Enterprise B,乙企业,,b
weather,park,unit,Weather station,气象站,,
";

pub(crate) const TAGS: &str = "id,asset,name,name_zh,unit,quantity,component,low,high,resolution,source,connection,period [s],deadband,retention [d],writable,write_min,write_max,two_persons
a.level,a,Level A,甲液位,m,level,,0,3,0.001,manual,,60,,,,,,
a.speed,a,Speed A,甲转速,%,fraction,,0,100,0.1,manual,,60,,,yes,10,50,no
a.gate,a,Gate A,甲闸门,%,fraction,,0,100,0.1,manual,,60,,,yes,0,100,yes
b.level,b,Level B,乙液位,m,level,,0,3,0.001,manual,,60,,,,,,
weather.wind,weather,Wind,风速,m/s,speed,,0,60,0.1,manual,,60,,,,,,
a.fall,a,Fall A,甲液位日降,mm/d,speed,,,,0.01,calculated,,60,,,,,,
";

pub(crate) const ALARMS: &str = "id,tag,kind,limit,window [min],reference,deadband,on_delay [s],off_delay [s],realarm [min],latching,confirm,priority,class,group,shelve_max [h],suppress_when,name,name_zh,cause,cause_zh,consequence,consequence_zh,action,action_zh,source
a.high,a.level,high,2,,,0.1,0,0,,,,high,production,,8,,Level A high,甲液位高,Too much in,进水过多,Overflow,漫坝,Close the gate,关闸,assumed
b.high,b.level,high,2,,,0.1,0,0,,,,high,production,,8,,Level B high,乙液位高,Too much in,进水过多,Overflow,漫坝,Close the gate,关闸,assumed
";

pub(crate) const CALCULATED: &str = "tag,expression
a.fall,\"-rate(a.level, 1 h)\"
";

/// A console of a page and a script.
const CONSOLE: &[PageFile] = &[
    PageFile {
        path: "index.html",
        bytes: b"<!doctype html><title>console</title>",
        gzip: None,
    },
    PageFile {
        path: "assets/main-1a2b.js",
        bytes: b"say('plain')",
        gzip: Some(b"not really gzip"),
    },
];

/// 2026-11-22T00:00:00 UTC.
pub(crate) const NOW_US: i64 = 1_795_305_600_000_000;
pub(crate) const SECOND_US: i64 = 1_000_000;

/// The files of a base, which a test may edit.
#[derive(Clone)]
pub(crate) struct Files {
    texts: Arc<Mutex<HashMap<String, String>>>,
    stamp: Arc<AtomicU64>,
    base: Option<Base>,
}

impl Files {
    pub(crate) fn new() -> Files {
        let texts = [
            ("assets.csv", ASSETS),
            ("tags.csv", TAGS),
            ("alarms.csv", ALARMS),
            ("calculated.csv", CALCULATED),
        ];
        let texts = texts.map(|(name, text)| (name.to_string(), text.to_string()));
        Files {
            texts: Arc::new(Mutex::new(texts.into())),
            stamp: Arc::default(),
            base: None,
        }
    }

    /// The ponds of a base beside the same tags.
    pub(crate) fn with_ponds(base: Base) -> Files {
        Files {
            base: Some(base),
            ..Files::new()
        }
    }

    pub(crate) fn edit(&self, name: &str, text: String) {
        self.texts.lock().expect("texts").insert(name.into(), text);
        self.stamp.fetch_add(1, Ordering::Relaxed);
    }

    fn lake(&self) -> Result<Lake, Vec<Problem>> {
        let texts = self.texts.lock().expect("texts").clone();
        let tags = saltern_base::tags::read(&|name| texts.get(name).cloned());
        let tags = tags.map_err(|errors| errors.iter().map(Problem::wrong).collect::<Vec<_>>())?;
        Ok(Lake {
            id: "small".into(),
            name: Label {
                en: "Small".into(),
                zh: "小".into(),
            },
            caveats: Vec::new(),
            base: self.base.clone(),
            power: Vec::new(),
            tags,
        })
    }
}

/// A base at work.
pub(crate) struct Hall {
    pub(crate) serving: Serving,
    pub(crate) router: axum::Router,
    pub(crate) files: Files,
    pub(crate) clock: Arc<AtomicI64>,
    /// Tokens by the name of their user.
    tokens: HashMap<String, String>,
    data: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

/// How an answer looks.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) text: String,
    pub(crate) cookie: Option<String>,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }
}

pub(crate) const PASSWORD: &str = "salt is patient";
const ALL: [&str; 6] = ["look", "answer", "write", "send", "arrange", "administer"];

/// A server on a network, with the machine's clock standing still.
pub(crate) fn served(files: &Files, data: &Path, identity: Option<Identity>) -> Serving {
    let clock = Arc::new(AtomicI64::new(NOW_US));
    started(Settings {
        identity,
        ..settings(files, &clock, data)
    })
}

/// A server that holds a plan beside what it measures, or why there is none.
pub(crate) fn try_planned(
    files: &Files,
    data: &Path,
    plan: &Path,
) -> Result<Serving, Vec<Problem>> {
    saltern_server::start(Settings {
        plan: Some(plan.into()),
        ..settings(files, &Arc::new(AtomicI64::new(NOW_US)), data)
    })
}

/// A server on data of its own, or why there is none.
pub(crate) fn try_served(files: &Files, data: &Path) -> Result<Serving, Vec<Problem>> {
    saltern_server::start(settings(files, &Arc::new(AtomicI64::new(NOW_US)), data))
}

fn serving(files: &Files, clock: &Arc<AtomicI64>, data: &Path, allow_writes: bool) -> Serving {
    started(Settings {
        allow_writes,
        ..settings(files, clock, data)
    })
}

fn started(settings: Settings) -> Serving {
    saltern_server::start(settings).expect("a server")
}

fn settings(files: &Files, clock: &Arc<AtomicI64>, data: &Path) -> Settings {
    let (read, stamp) = (files.clone(), Arc::clone(&files.stamp));
    let clock = Arc::clone(clock);
    let clock: saltern_server::Clock = Arc::new(move || clock.load(Ordering::Relaxed));
    Settings {
        data: data.into(),
        database: None,
        allow_writes: false,
        wall: Arc::clone(&clock),
        clock,
        demo: None,
        past: Vec::new(),
        nights: None,
        jobs: None,
        laboratory: None,
        dispatch: None,
        diagrams: None,
        solve_plant: None,
        plan: None,
        store: Options::default(),
        read: Box::new(move || read.lake()),
        stamp: Box::new(move || stamp.load(Ordering::Relaxed)),
        console: CONSOLE,
        workbook: None,
        seed: 1,
        identity: None,
        outward: None,
        password: Some(PASSWORD.into()),
    }
}

impl Hall {
    /// A base with `admin` and, for every role and enterprise, a user such as `operator.a`.
    pub(crate) async fn open() -> Hall {
        Hall::open_with(false).await
    }

    pub(crate) async fn open_with(allow_writes: bool) -> Hall {
        let with = |settings| Settings {
            allow_writes,
            ..settings
        };
        Hall::of(Files::new(), with).await
    }

    /// A base that works through nights.
    pub(crate) async fn with_nights(files: Files, nights: Nights) -> Hall {
        let nights = Some(nights);
        Hall::of(files, |settings| Settings { nights, ..settings }).await
    }

    /// A base with an assay desk.
    pub(crate) async fn with_desk(files: Files, laboratory: Laboratory) -> Hall {
        let laboratory = Some(laboratory);
        let with = |settings| Settings {
            laboratory,
            ..settings
        };
        Hall::of(files, with).await
    }

    /// A base with a dispatch.
    pub(crate) async fn with_dispatch(dispatch: Dispatch) -> Hall {
        let dispatch = Some(dispatch);
        let with = |settings| Settings {
            dispatch,
            ..settings
        };
        Hall::of(Files::new(), with).await
    }

    /// A base that works through nights and holds a plan beside what it measures.
    pub(crate) async fn with_plan(files: Files, nights: Nights, plan: &Path) -> Hall {
        let with = |settings| Settings {
            nights: Some(nights),
            plan: Some(plan.into()),
            ..settings
        };
        Hall::of(files, with).await
    }

    /// A base that does jobs with a command of the test's own.
    pub(crate) async fn with_jobs(make: MakeCommand) -> Hall {
        Hall::with_jobs_on(Files::new(), make).await
    }

    /// The same on other files.
    pub(crate) async fn with_jobs_on(files: Files, make: MakeCommand) -> Hall {
        let jobs = Some(make);
        Hall::of(files, |settings| Settings { jobs, ..settings }).await
    }

    /// A base of other files.
    pub(crate) async fn with_files(files: Files) -> Hall {
        Hall::of(files, |settings| settings).await
    }

    async fn of(files: Files, with: impl FnOnce(Settings) -> Settings) -> Hall {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let clock = Arc::new(AtomicI64::new(NOW_US));
        let serving = started(with(settings(&files, &clock, &data)));
        let router = serving.router();
        let mut hall = Hall {
            router,
            serving,
            files,
            clock,
            tokens: HashMap::new(),
            data,
            _folder: Some(folder),
        };
        let signed = hall
            .ask(
                None,
                "POST",
                "/api/session",
                json!({"name": "admin", "password": PASSWORD}),
            )
            .await;
        let guard = signed.body["guard"].as_str().expect("a guard").to_string();
        let cookie = signed.cookie.expect("a cookie");
        let made = hall
            .raw(
                Request::post("/api/tokens")
                    .header(header::COOKIE, &cookie)
                    .header("x-saltern-guard", &guard),
                json!({"name": "all", "user": "admin", "scopes": ALL, "days": 30}),
            )
            .await;
        let token = made.body["token"].as_str().expect("a token").to_string();
        hall.tokens.insert("admin".into(), token);
        hall
    }

    /// The same data after a stop, as if the machine had been started anew.
    pub(crate) async fn again(self) -> Hall {
        let data = self.data.clone();
        self.on(&data).await
    }

    /// Stops the server; its folder stays as long as what is handed back.
    pub(crate) async fn rest(self) -> Option<tempfile::TempDir> {
        drop(self.router);
        self.serving.close().await;
        self._folder
    }

    pub(crate) fn token(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    /// The same base on other data.
    pub(crate) async fn on(self, data: &Path) -> Hall {
        let Hall {
            serving: old,
            files,
            clock,
            tokens,
            _folder,
            router,
            ..
        } = self;
        drop(router);
        old.close().await;
        let serving = serving(&files, &clock, data, false);
        Hall {
            router: serving.router(),
            serving,
            files,
            clock,
            tokens,
            data: data.into(),
            _folder,
        }
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Adds a user with a token that has all scopes.
    pub(crate) async fn add(&mut self, name: &str, role: &str, tenant: Option<&str>) {
        let user = json!({"name": name, "password": PASSWORD, "role": role, "tenant": tenant});
        let added = self.ask(Some("admin"), "POST", "/api/users", user).await;
        assert_eq!(added.status, StatusCode::OK, "{added:?}");
        self.give_token(name, name, &ALL).await;
    }

    /// Gives a token of a user to a caller of another name.
    pub(crate) async fn give_token(&mut self, caller: &str, user: &str, scopes: &[&str]) {
        let wanted = json!({"name": "test", "user": user, "scopes": scopes, "days": 1});
        let made = self.ask(Some("admin"), "POST", "/api/tokens", wanted).await;
        let token = made.body["token"].as_str().expect("a token").to_string();
        self.tokens.insert(caller.into(), token);
    }

    /// Asks as a caller with a token, or as nobody. A body that is null is not sent.
    pub(crate) async fn ask(
        &self,
        who: Option<&str>,
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(who) = who {
            let token = &self.tokens[who];
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.raw(request, body).await
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(Some(who), "GET", path, Value::Null).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Answer {
        self.ask(Some(who), "POST", path, body).await
    }

    pub(crate) async fn raw(&self, request: axum::http::request::Builder, body: Value) -> Answer {
        let request = if body.is_null() {
            request.body(Body::empty())
        } else {
            request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
        };
        let request = request.expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let status = response.status();
        let cookie = response.headers().get(header::SET_COOKIE).map(|cookie| {
            let cookie = cookie.to_str().expect("a cookie");
            cookie.split(';').next().unwrap_or_default().to_string()
        });
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        // Files are answered too; those are no text.
        let text = String::from_utf8_lossy(&bytes.expect("a body")).into_owned();
        Answer {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
            cookie,
        }
    }

    /// Sends values of tags at the present.
    pub(crate) async fn send(&self, values: &[(&str, f64)]) -> Answer {
        let samples: Vec<Value> = values
            .iter()
            .map(|(tag, value)| json!({"tag": tag, "value": value}))
            .collect();
        self.post("admin", "/api/samples", json!({ "samples": samples }))
            .await
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * SECOND_US, Ordering::Relaxed);
    }
}

/// Runs a test within a runtime of two threads, as the server has.
pub(crate) fn run(test: impl Future<Output = ()>) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(test);
}

/// Waits until something holds; tests that wait for what never comes fail.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{what}: not within half a minute");
}
