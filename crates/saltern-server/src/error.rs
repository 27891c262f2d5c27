//! What the server itself finds wrong, with the evidence.

use axum::http::StatusCode;
use jiff::civil::Date;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use std::path::PathBuf;

use crate::access::Right;

/// A few words in English and Chinese, where they stand within a sentence.
pub(crate) type Both = (&'static str, &'static str);

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerError {
    /// `access.sign_in`: nobody is signed in, or the session or token has ended.
    SignIn,
    /// `access.wrong`: name or password is wrong.
    Wrong,
    /// `access.not_allowed`.
    NotAllowed {
        /// Who asks.
        who: String,
        /// What would be needed.
        needs: Right,
    },
    /// `access.not_yours`: it belongs to another enterprise or is shared by the park.
    NotYours {
        /// Who asks.
        who: String,
        /// What.
        what: String,
    },
    /// `access.no_guard`: a change from a browser without its second secret.
    NoGuard,
    /// `access.too_many`: more requests than are served.
    TooMany {
        /// After how long to try again, s.
        wait_s: u64,
    },
    /// `route.unknown`.
    UnknownRoute {
        /// Path.
        path: String,
    },
    /// `route.method`: not with this method.
    WrongMethod {
        /// Path.
        path: String,
    },
    /// `request.bad`: what was sent can't be read.
    BadRequest {
        /// What is wrong.
        reason: String,
    },
    /// `request.too_large`.
    TooLarge {
        /// Most that is taken, bytes.
        most: usize,
    },
    /// `request.wrong`: something that was sent can't be.
    WrongValue {
        /// Name.
        name: &'static str,
        /// What was sent.
        value: String,
        /// What is accepted.
        accepted: Both,
    },
    /// `sample.unreadable`: a sample of the wrong type.
    WrongSample {
        /// What is wrong.
        reason: String,
    },
    /// `tag.unknown`.
    UnknownTag {
        /// The tag.
        tag: String,
    },
    /// `alarm.unknown_id`.
    UnknownAlarm {
        /// The alarm.
        alarm: String,
    },
    /// `write.off`: writes to the plant are switched off.
    WritesOff,
    /// `write.not_writable`.
    NotWritable {
        /// The tag.
        tag: String,
    },
    /// `write.out_of_limits`.
    OutOfLimits {
        /// The tag.
        tag: String,
        /// Value asked for.
        value: f64,
        /// Least.
        low: f64,
        /// Greatest.
        high: f64,
    },
    /// `write.no_reason`.
    NoReason {
        /// The tag.
        tag: String,
    },
    /// `assay.in_doubt`: the last analyses of some places are doubted and wait for a decision.
    InDoubt {
        /// Ids of their assets.
        assets: Vec<String>,
    },
    /// `assay.unknown`: no doubted analysis of this asset at this instant, or not one that may be seen.
    NoAnalysis {
        /// Id of the asset.
        asset: String,
    },
    /// `assay.no_reason`: a decision without a reason.
    UndecidedWhy {
        /// Id of the asset.
        asset: String,
    },
    /// `demo.none`: the plant is not a played one.
    NoDemo,
    /// `server.stopping`.
    Stopping,
    /// `server.failed`: a fault of ours.
    Failed,
    /// `server.listen`: the address can't be listened on.
    Listen {
        /// Address.
        address: String,
        /// The system's words.
        reason: String,
    },
    /// `server.not_alone`: an address that others reach, without TLS.
    NotAlone {
        /// Address.
        address: String,
    },
    /// `server.certificate`: the certificate or its key can't be used.
    Certificate {
        /// File.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// `server.data`: the folder of data can't be made.
    DataFolder {
        /// Folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `server.not_written`: a file of the night's work can't be written.
    NotWritten {
        /// File or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `server.not_read`: a file of the data can't be read.
    NotRead {
        /// File.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `closing.unknown`.
    UnknownClosing {
        /// Its id, as asked for.
        closing: String,
    },
    /// `closing.not_locked`: a restatement of what is open.
    NotLocked {
        /// Its id.
        closing: String,
    },
    /// `closing.no_shift`: the base has no shift that begins then any more.
    NoShift {
        /// Its id.
        closing: String,
    },
    /// `closing.no_book`: no night's window has any of these days.
    NoBook {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// `plan.other_base`: a plan of another base.
    PlanOfOther {
        /// Folder of the plan.
        path: PathBuf,
        /// Base that it is of.
        of: String,
        /// Base that is served.
        base: String,
    },
    /// `plan.not_covering`: a plan that does not have all days of a closing.
    PlanNotCovering {
        /// First day of the closing.
        from: Date,
        /// Its last day.
        to: Date,
        /// First day of the plan.
        plan_from: Date,
        /// Its last day.
        plan_to: Date,
    },
    /// `run.unknown`.
    UnknownRun {
        /// Its name, as asked for.
        run: String,
    },
    /// `run.exists`: a run of that name is there, or is being made.
    RunExists {
        /// Its name.
        run: String,
    },
    /// `run.no_table`.
    UnknownTable {
        /// Name of the run.
        run: String,
        /// Name of the table.
        table: String,
    },
    /// `run.measured`: what was measured can't be taken away.
    RunMeasured {
        /// Its name.
        run: String,
    },
    /// `run.no_dispatch`: the run planned no dispatch.
    NoDispatch {
        /// Its name.
        run: String,
    },
    /// `energy.none`: the base has no energy side.
    NoEnergy,
    /// `job.none`: no jobs are done here.
    NoJobs,
    /// `plant.unknown`.
    UnknownPlant {
        /// Its id.
        plant: String,
    },
    /// `plant.none`: no flowsheets are solved here.
    NoFlowsheets,
    /// `diagram.none`: no phase diagrams are made here.
    NoDiagrams,
    /// `diagram.one_salt`: nothing to vary but the concentration.
    OneSalt {
        /// The system.
        system: String,
    },
    /// `job.unknown`.
    UnknownJob {
        /// Its number.
        job: u64,
    },
    /// `job.over`: it has ended.
    JobOver {
        /// Its number.
        job: u64,
    },
    /// `job.full`: as many wait as may.
    JobsFull {
        /// How many may.
        most: usize,
    },
    /// `job.no_state`: no state of the ponds has been estimated yet.
    NoState,
    /// `job.no_schedule`: the run is no plan of production.
    NoSchedule {
        /// Its name.
        run: String,
    },
    /// `job.failed`: it ended without saying what is wrong.
    JobFailed {
        /// How it ended, in the system's words.
        reason: String,
    },
    /// `estimate.none`: no estimates are made here.
    NoEstimates,
    /// `backup.exists`.
    BackupExists {
        /// Folder.
        path: PathBuf,
    },
    /// `backup.failed`.
    BackupFailed {
        /// Folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `backup.no_data`: no records and samples there.
    NoData {
        /// Folder.
        path: PathBuf,
    },
    /// `backup.no_answer`: a server has the data and doesn't take the note.
    NoAnswer {
        /// Folder.
        path: PathBuf,
    },
    /// `backup.elsewhere`: the samples are on a database server, which is backed up by its own means.
    BackupElsewhere,
}

impl ServerError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }

    /// How HTTP says it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            ServerError::SignIn | ServerError::Wrong => StatusCode::UNAUTHORIZED,
            ServerError::NotAllowed { .. }
            | ServerError::NotYours { .. }
            | ServerError::NoGuard
            | ServerError::WritesOff
            | ServerError::NotWritable { .. } => StatusCode::FORBIDDEN,
            ServerError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            ServerError::UnknownRoute { .. }
            | ServerError::UnknownTag { .. }
            | ServerError::UnknownAlarm { .. }
            | ServerError::NoAnalysis { .. }
            | ServerError::NoDemo
            | ServerError::UnknownRun { .. }
            | ServerError::UnknownTable { .. }
            | ServerError::NoJobs
            | ServerError::NoEnergy
            | ServerError::NoDiagrams
            | ServerError::NoFlowsheets
            | ServerError::UnknownPlant { .. }
            | ServerError::UnknownJob { .. }
            | ServerError::UnknownClosing { .. }
            | ServerError::NoEstimates => StatusCode::NOT_FOUND,
            ServerError::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            ServerError::BadRequest { .. } => StatusCode::BAD_REQUEST,
            ServerError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            ServerError::WrongSample { .. }
            | ServerError::WrongValue { .. }
            | ServerError::OneSalt { .. }
            | ServerError::OutOfLimits { .. }
            | ServerError::UndecidedWhy { .. }
            | ServerError::PlanOfOther { .. }
            | ServerError::PlanNotCovering { .. }
            | ServerError::NoReason { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            ServerError::RunExists { .. }
            | ServerError::RunMeasured { .. }
            | ServerError::JobOver { .. }
            | ServerError::JobsFull { .. }
            | ServerError::NoState
            | ServerError::NoSchedule { .. }
            | ServerError::NoDispatch { .. }
            | ServerError::NotLocked { .. }
            | ServerError::NoShift { .. }
            | ServerError::NoBook { .. }
            | ServerError::BackupExists { .. }
            | ServerError::InDoubt { .. }
            | ServerError::NoData { .. }
            | ServerError::NoAnswer { .. }
            | ServerError::BackupElsewhere => StatusCode::CONFLICT,
            ServerError::Stopping
            | ServerError::DataFolder { .. }
            | ServerError::NotWritten { .. }
            | ServerError::NotRead { .. }
            | ServerError::BackupFailed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            ServerError::Failed | ServerError::JobFailed { .. } | ServerError::Listen { .. } => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            // Said on a terminal only, where it counts as wrong input.
            ServerError::NotAlone { .. } | ServerError::Certificate { .. } => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

impl ServerError {
    /// `request.wrong`: a value that can't be, and what can.
    pub(crate) fn wrong(name: &'static str, value: &str, accepted: Both) -> ServerError {
        ServerError::WrongValue {
            name,
            value: value.into(),
            accepted,
        }
    }
}

impl Message for ServerError {
    fn code(&self) -> &'static str {
        match self {
            ServerError::SignIn => "access.sign_in",
            ServerError::Wrong => "access.wrong",
            ServerError::NotAllowed { .. } => "access.not_allowed",
            ServerError::NotYours { .. } => "access.not_yours",
            ServerError::NoGuard => "access.no_guard",
            ServerError::TooMany { .. } => "access.too_many",
            ServerError::UnknownRoute { .. } => "route.unknown",
            ServerError::WrongMethod { .. } => "route.method",
            ServerError::BadRequest { .. } => "request.bad",
            ServerError::TooLarge { .. } => "request.too_large",
            ServerError::WrongValue { .. } => "request.wrong",
            ServerError::WrongSample { .. } => "sample.unreadable",
            ServerError::UnknownTag { .. } => "tag.unknown",
            ServerError::UnknownAlarm { .. } => "alarm.unknown_id",
            ServerError::WritesOff => "write.off",
            ServerError::NotWritable { .. } => "write.not_writable",
            ServerError::OutOfLimits { .. } => "write.out_of_limits",
            ServerError::NoReason { .. } => "write.no_reason",
            ServerError::InDoubt { .. } => "assay.in_doubt",
            ServerError::NoAnalysis { .. } => "assay.unknown",
            ServerError::UndecidedWhy { .. } => "assay.no_reason",
            ServerError::NoDemo => "demo.none",
            ServerError::Stopping => "server.stopping",
            ServerError::Failed => "server.failed",
            ServerError::Listen { .. } => "server.listen",
            ServerError::NotAlone { .. } => "server.not_alone",
            ServerError::Certificate { .. } => "server.certificate",
            ServerError::DataFolder { .. } => "server.data",
            ServerError::NotWritten { .. } => "server.not_written",
            ServerError::NotRead { .. } => "server.not_read",
            ServerError::UnknownClosing { .. } => "closing.unknown",
            ServerError::NotLocked { .. } => "closing.not_locked",
            ServerError::NoShift { .. } => "closing.no_shift",
            ServerError::NoBook { .. } => "closing.no_book",
            ServerError::PlanOfOther { .. } => "plan.other_base",
            ServerError::PlanNotCovering { .. } => "plan.not_covering",
            ServerError::UnknownRun { .. } => "run.unknown",
            ServerError::RunExists { .. } => "run.exists",
            ServerError::UnknownTable { .. } => "run.no_table",
            ServerError::RunMeasured { .. } => "run.measured",
            ServerError::NoDispatch { .. } => "run.no_dispatch",
            ServerError::NoEnergy => "energy.none",
            ServerError::NoJobs => "job.none",
            ServerError::NoDiagrams => "diagram.none",
            ServerError::NoFlowsheets => "plant.none",
            ServerError::UnknownPlant { .. } => "plant.unknown",
            ServerError::OneSalt { .. } => "diagram.one_salt",
            ServerError::UnknownJob { .. } => "job.unknown",
            ServerError::JobOver { .. } => "job.over",
            ServerError::JobsFull { .. } => "job.full",
            ServerError::NoState => "job.no_state",
            ServerError::NoSchedule { .. } => "job.no_schedule",
            ServerError::JobFailed { .. } => "job.failed",
            ServerError::NoEstimates => "estimate.none",
            ServerError::BackupExists { .. } => "backup.exists",
            ServerError::BackupFailed { .. } => "backup.failed",
            ServerError::NoData { .. } => "backup.no_data",
            ServerError::NoAnswer { .. } => "backup.no_answer",
            ServerError::BackupElsewhere => "backup.elsewhere",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            ServerError::SignIn
            | ServerError::Wrong
            | ServerError::NoGuard
            | ServerError::WritesOff
            | ServerError::NoDemo
            | ServerError::NoEstimates
            | ServerError::NoJobs
            | ServerError::NoEnergy
            | ServerError::NoDiagrams
            | ServerError::NoFlowsheets
            | ServerError::NoState
            | ServerError::Stopping
            | ServerError::Failed
            | ServerError::BackupElsewhere => Vec::new(),
            ServerError::UnknownTable { run, table } => {
                vec![("run", run.clone()), ("table", table.clone())]
            }
            ServerError::UnknownPlant { plant } => vec![("plant", plant.clone())],
            ServerError::OneSalt { system } => vec![("system", system.clone())],
            ServerError::NotAllowed { who, needs } => {
                vec![("who", who.clone()), ("needs", needs.text(lang))]
            }
            ServerError::NotYours { who, what } => {
                vec![("who", who.clone()), ("what", what.clone())]
            }
            ServerError::TooMany { wait_s } => vec![("wait", wait_s.to_string())],
            ServerError::UnknownRoute { path } | ServerError::WrongMethod { path } => {
                vec![("path", path.clone())]
            }
            ServerError::BadRequest { reason } | ServerError::WrongSample { reason } => {
                vec![("reason", reason.clone())]
            }
            ServerError::UnknownRun { run }
            | ServerError::RunExists { run }
            | ServerError::RunMeasured { run }
            | ServerError::NoDispatch { run }
            | ServerError::NoSchedule { run } => vec![("run", run.clone())],
            ServerError::UnknownJob { job } | ServerError::JobOver { job } => {
                vec![("job", job.to_string())]
            }
            ServerError::JobsFull { most } => vec![("most", most.to_string())],
            ServerError::JobFailed { reason } => vec![("reason", reason.clone())],
            ServerError::TooLarge { most } => vec![("most", most.to_string())],
            ServerError::WrongValue {
                name,
                value,
                accepted,
            } => vec![
                ("name", (*name).into()),
                ("value", value.clone()),
                ("accepted", lang.pick(accepted.0, accepted.1).into()),
            ],
            ServerError::UnknownTag { tag }
            | ServerError::NotWritable { tag }
            | ServerError::NoReason { tag } => vec![("tag", tag.clone())],
            ServerError::InDoubt { assets } => vec![("assets", lang.list(assets))],
            ServerError::NoAnalysis { asset } | ServerError::UndecidedWhy { asset } => {
                vec![("asset", asset.clone())]
            }
            ServerError::UnknownAlarm { alarm } => vec![("alarm", alarm.clone())],
            ServerError::OutOfLimits {
                tag,
                value,
                low,
                high,
            } => vec![
                ("tag", tag.clone()),
                ("value", value.to_string()),
                ("low", low.to_string()),
                ("high", high.to_string()),
            ],
            ServerError::Listen { address, reason } => {
                vec![("address", address.clone()), ("reason", reason.clone())]
            }
            ServerError::NotAlone { address } => vec![("address", address.clone())],
            ServerError::UnknownClosing { closing }
            | ServerError::NotLocked { closing }
            | ServerError::NoShift { closing } => vec![("closing", closing.clone())],
            ServerError::NoBook { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
            ServerError::PlanOfOther { path, of, base } => vec![
                ("path", path.display().to_string()),
                ("of", of.clone()),
                ("base", base.clone()),
            ],
            ServerError::PlanNotCovering {
                from,
                to,
                plan_from,
                plan_to,
            } => vec![
                ("from", from.to_string()),
                ("to", to.to_string()),
                ("plan_from", plan_from.to_string()),
                ("plan_to", plan_to.to_string()),
            ],
            ServerError::BackupExists { path }
            | ServerError::NoData { path }
            | ServerError::NoAnswer { path } => vec![("path", path.display().to_string())],
            ServerError::Certificate { path, reason }
            | ServerError::DataFolder { path, reason }
            | ServerError::NotWritten { path, reason }
            | ServerError::NotRead { path, reason }
            | ServerError::BackupFailed { path, reason } => vec![
                ("path", path.display().to_string()),
                ("reason", reason.clone()),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        crate::message::catalogue()
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for ServerError {}
