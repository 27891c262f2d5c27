//! What can be made to go wrong.

use saltern_base::model::Base;
use saltern_base::tags::{Protocol, Tags};
use serde::{Deserialize, Serialize};

use crate::error::DemoError;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A pond leaks more, mm/d.
    Leak,
    /// A tag shows what it showed when this began.
    Stuck,
    /// A tag goes away from the truth, its unit per day.
    Drift,
    /// The pump of a link stops.
    Trip,
    /// Rain on everything, mm over six hours.
    Storm,
    /// A connection's other side is gone: a broker, a server.
    Down,
}

impl FaultKind {
    /// All.
    pub const ALL: [FaultKind; 6] = [
        FaultKind::Leak,
        FaultKind::Stuck,
        FaultKind::Drift,
        FaultKind::Trip,
        FaultKind::Storm,
        FaultKind::Down,
    ];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Leak => "leak",
            FaultKind::Stuck => "stuck",
            FaultKind::Drift => "drift",
            FaultKind::Trip => "trip",
            FaultKind::Storm => "storm",
            FaultKind::Down => "down",
        }
    }

    /// What it befalls: `pond`, `tag`, `link`, `connection`, or empty for everything.
    pub fn befalls(self) -> &'static str {
        match self {
            FaultKind::Leak => "pond",
            FaultKind::Stuck | FaultKind::Drift => "tag",
            FaultKind::Trip => "link",
            FaultKind::Storm => "",
            FaultKind::Down => "connection",
        }
    }

    /// Unit of its size; `None` where it has none. The unit of a drift is its tag's, per day.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            FaultKind::Leak => Some("mm/d"),
            FaultKind::Drift => Some("1/d"),
            FaultKind::Storm => Some("mm"),
            FaultKind::Stuck | FaultKind::Trip | FaultKind::Down => None,
        }
    }
}

/// A fault that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What.
    pub kind: FaultKind,
    /// Id of what it befalls; empty for a storm.
    pub target: String,
    /// How much, see [`FaultKind::unit`].
    pub size: Option<f64>,
}

/// How wishes are written.
pub(crate) const ACCEPTED: &str =
    "leak:POND:MM_PER_DAY, stuck:TAG, drift:TAG:PER_DAY, trip:LINK, storm::MM, down:CONNECTION";

impl Wish {
    /// Reads `leak:c1:2`.
    ///
    /// # Errors
    /// Where it is not one of the forms above. Whether the base has such a pond is asked when it begins.
    pub fn read(text: &str) -> Result<Wish, DemoError> {
        let bad = || DemoError::BadFault {
            text: text.into(),
            accepted: ACCEPTED.into(),
        };
        let mut parts = text.splitn(3, ':');
        let word = parts.next().unwrap_or_default();
        let kind = FaultKind::ALL.into_iter().find(|kind| kind.name() == word);
        let kind = kind.ok_or_else(bad)?;
        let target = parts.next().unwrap_or_default().trim().to_string();
        let size = match parts.next() {
            Some(size) => Some(size.trim().parse().map_err(|_| bad())?),
            None => None,
        };
        Ok(Wish { kind, target, size })
    }

    /// Judges it against a base.
    pub(crate) fn check(&self, base: &Base, tags: &Tags) -> Result<f64, DemoError> {
        let kind = self.kind;
        let is_known = match kind {
            FaultKind::Leak => base.ponds.iter().any(|pond| pond.id == self.target),
            FaultKind::Stuck | FaultKind::Drift => tags.tag(&self.target).is_some(),
            FaultKind::Trip => base.links.iter().any(|link| link.id == self.target),
            FaultKind::Storm => self.target.is_empty(),
            FaultKind::Down => {
                let mut connections = tags.connections.iter();
                let found = connections.find(|c| c.who.id == self.target);
                found.is_some_and(|c| !matches!(c.protocol, Protocol::File | Protocol::Forward))
            }
        };
        if !is_known {
            return Err(DemoError::UnknownTarget {
                kind: kind.name(),
                befalls: kind.befalls(),
                target: self.target.clone(),
            });
        }
        let is_sound = match (kind.unit(), self.size) {
            (None, size) => size.is_none(),
            (Some(_), Some(size)) if kind == FaultKind::Drift => size.is_finite() && size != 0.0,
            (Some(_), Some(size)) => size > 0.0 && size < 1e4,
            (Some(_), None) => false,
        };
        if !is_sound {
            return Err(DemoError::BadSize {
                kind: kind.name(),
                unit: kind.unit().unwrap_or(""),
                size: self.size,
            });
        }
        Ok(self.size.unwrap_or(0.0))
    }
}

/// A fault that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Number, from 1.
    pub number: u32,
    /// What.
    pub kind: FaultKind,
    /// Id of what it befalls; empty for a storm.
    pub target: String,
    /// How much, see [`FaultKind::unit`]; 0 where it has no size.
    pub size: f64,
    /// When it began, µs since 1970.
    pub from_us: i64,
    /// When it ended or will end.
    pub until_us: Option<i64>,
}

/// How long a storm lasts, µs.
pub(crate) const STORM_US: i64 = 6 * 3_600_000_000;

impl Fault {
    /// Whether it holds at an instant.
    pub fn holds(&self, time_us: i64) -> bool {
        self.from_us <= time_us && self.until_us.is_none_or(|until| time_us < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        let wish = |kind, target: &str, size| Wish {
            kind,
            target: target.into(),
            size,
        };
        for (text, read) in [
            ("leak:c1:2", wish(FaultKind::Leak, "c1", Some(2.0))),
            ("stuck:n0.level", wish(FaultKind::Stuck, "n0.level", None)),
            (
                "drift:n0.density:-0.001",
                wish(FaultKind::Drift, "n0.density", Some(-0.001)),
            ),
            ("storm::20", wish(FaultKind::Storm, "", Some(20.0))),
            ("down:broker", wish(FaultKind::Down, "broker", None)),
        ] {
            assert_eq!(Wish::read(text).ok(), Some(read), "{text}");
        }
        for bad in ["", "flood:c1", "leak:c1:much"] {
            let code = Wish::read(bad).map_err(|error| error.code());
            assert_eq!(code, Err("demo.bad_fault"), "{bad}");
        }
    }
}
