//! The one form in which everything that goes wrong is answered: a code, the sentence in both languages, and what it is about.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use saltern_account::AccountError;
use saltern_connect::ConnectError;
use saltern_demo::DemoError;
use saltern_history::{HistoryError, Refusal};
use saltern_records::RecordsError;
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_watch::WatchError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServerError;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// Stable code, such as `tag.unknown`.
    #[schema(example = "tag.unknown")]
    pub code: &'static str,
    /// The sentence.
    pub message: Sentence,
    #[serde(skip)]
    status: StatusCode,
    #[serde(skip)]
    wait_s: Option<u64>,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sentence {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

impl Sentence {
    /// Of what is said in each language.
    pub fn of(text: impl Fn(Lang) -> String) -> Sentence {
        Sentence {
            en: text(Lang::En),
            zh: text(Lang::Zh),
        }
    }
}

impl Problem {
    /// From anything that has a code and sentences.
    pub fn of(status: StatusCode, message: &(impl Message + ?Sized)) -> Problem {
        Problem {
            code: message.code(),
            message: Sentence::of(|lang| message.text(lang)),
            status,
            wait_s: None,
        }
    }

    /// From a message about something that a person has to mend.
    pub fn wrong(message: &(impl Message + ?Sized)) -> Problem {
        Problem::of(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// From a message about something that is kept and cannot be read just now.
    pub(crate) fn kept(message: &(impl Message + ?Sized)) -> Problem {
        Problem::of(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// As another process said it: code, English, Chinese.
    pub(crate) fn said((code, en, zh): (String, String, String)) -> Problem {
        Problem {
            // Said once, before the command ends.
            code: String::leak(code),
            message: Sentence { en, zh },
            status: StatusCode::INTERNAL_SERVER_ERROR,
            wait_s: None,
        }
    }

    /// As a job's program tells it to the server that started it.
    pub fn told(self) -> crate::jobs::Told {
        crate::jobs::Told::Problem {
            code: self.code.into(),
            message: self.message,
        }
    }

    /// The sentence in a language.
    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.message.en, &self.message.zh)
    }

    /// The status that it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// From a limit, with the time to wait in a header.
    pub(crate) fn limited(error: ServerError) -> Problem {
        let wait_s = match error {
            ServerError::TooMany { wait_s } => Some(wait_s),
            _ => None,
        };
        Problem {
            wait_s,
            ..error.into()
        }
    }

    /// Why a sample was turned away.
    pub(crate) fn refusal(refusal: Refusal) -> Problem {
        Problem {
            code: refusal.code(),
            message: Sentence::of(|lang| refusal.text(lang)),
            status: StatusCode::UNPROCESSABLE_ENTITY,
            wait_s: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, wait_s) = (self.status, self.wait_s);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        if let Some(wait_s) = wait_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<ServerError> for Problem {
    fn from(error: ServerError) -> Problem {
        Problem::of(error.status(), &error)
    }
}

impl From<HistoryError> for Problem {
    fn from(error: HistoryError) -> Problem {
        let status = match error {
            HistoryError::UnknownTag { .. } => StatusCode::NOT_FOUND,
            HistoryError::BadName { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            // The store can't just now; whoever asked keeps what they have and asks again.
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Problem::of(status, &error)
    }
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Problem {
        let status = match error {
            RecordsError::NotWritten { .. }
            | RecordsError::InUse { .. }
            | RecordsError::Newer { .. } => StatusCode::SERVICE_UNAVAILABLE,
            RecordsError::UnknownUser { .. }
            | RecordsError::UnknownToken { .. }
            | RecordsError::UnknownOrder { .. } => StatusCode::NOT_FOUND,
            RecordsError::UserExists { .. } | RecordsError::LastAdmin { .. } => {
                StatusCode::CONFLICT
            }
            RecordsError::SamePerson { .. } => StatusCode::FORBIDDEN,
            RecordsError::BadName { .. } | RecordsError::ShortPassword { .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        Problem::of(status, &error)
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Problem {
        let status = match error {
            AccountError::Locked { .. } | AccountError::Overlap { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Problem::of(status, &error)
    }
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Problem {
        let status = match error {
            ConnectError::NoWay { .. } => StatusCode::CONFLICT,
            // The other can't just now.
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Problem::of(status, &error)
    }
}

impl From<DemoError> for Problem {
    fn from(error: DemoError) -> Problem {
        let status = match error {
            DemoError::UnknownFault { .. } => StatusCode::NOT_FOUND,
            DemoError::BadFault { .. }
            | DemoError::UnknownTarget { .. }
            | DemoError::BadSize { .. }
            | DemoError::BadSpeed { .. }
            | DemoError::NotHere { .. }
            | DemoError::Before { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            DemoError::Record { .. }
            | DemoError::Weather { .. }
            | DemoError::March { .. }
            | DemoError::Face { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Problem::of(status, &error)
    }
}

impl From<WatchError> for Problem {
    fn from(error: WatchError) -> Problem {
        let status = match error {
            WatchError::UnknownAlarm { .. } => StatusCode::NOT_FOUND,
            WatchError::Refused { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Problem::of(status, &error)
    }
}
