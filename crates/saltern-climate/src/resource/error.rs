//! What can be wrong with the settings of a resource.

use jiff::civil::Date;
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use std::sync::LazyLock;

use crate::weather::WeatherError;

/// Why a profile cannot be made. Settings are named as they are in the structs, without their unit.
#[derive(Clone, Debug, PartialEq)]
pub enum ResourceError {
    /// `weather.…`: the weather does not reach the period.
    Weather(WeatherError),
    /// `resource.out_of_range`: a setting that is not a number or lies beyond what is accepted.
    OutOfRange {
        /// Which setting.
        setting: &'static str,
        /// What was given, in `unit`.
        value: f64,
        /// Least that is accepted.
        low: f64,
        /// Most that is accepted.
        high: f64,
        /// Unit of all three, empty for a pure number.
        unit: &'static str,
    },
    /// `resource.too_few_points`: a curve that is no curve.
    TooFewPoints {
        /// Which curve.
        setting: &'static str,
        /// Points given.
        points: usize,
        /// Points needed.
        needed: usize,
    },
    /// `resource.not_rising`: the first column of a curve falls or stands.
    NotRising {
        /// Which curve.
        setting: &'static str,
        /// The value that does not rise, in `unit`.
        value: f64,
        /// The one before it.
        previous: f64,
        /// Unit of both.
        unit: &'static str,
    },
    /// `resource.step`: an hour does not hold a whole number of such steps.
    Step {
        /// Step asked for, s.
        step_s: u32,
    },
    /// `resource.period`: it ends before it begins.
    Period {
        /// First day asked for.
        from: Date,
        /// Last day asked for.
        to: Date,
    },
}

impl From<WeatherError> for ResourceError {
    fn from(error: WeatherError) -> Self {
        ResourceError::Weather(error)
    }
}

/// A setting between two bounds, both accepted.
pub(super) fn within(
    setting: &'static str,
    value: f64,
    [low, high]: [f64; 2],
    unit: &'static str,
) -> Result<(), ResourceError> {
    if value >= low && value <= high {
        return Ok(());
    }
    Err(ResourceError::OutOfRange {
        setting,
        value,
        low,
        high,
        unit,
    })
}

fn quoted(value: f64, unit: &str) -> String {
    format!("{value} {unit}").trim_end().to_string()
}

impl Message for ResourceError {
    fn code(&self) -> &'static str {
        match self {
            ResourceError::Weather(error) => error.code(),
            ResourceError::OutOfRange { .. } => "resource.out_of_range",
            ResourceError::TooFewPoints { .. } => "resource.too_few_points",
            ResourceError::NotRising { .. } => "resource.not_rising",
            ResourceError::Step { .. } => "resource.step",
            ResourceError::Period { .. } => "resource.period",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            ResourceError::Weather(error) => error.fields(lang),
            ResourceError::OutOfRange {
                setting,
                value,
                low,
                high,
                unit,
            } => vec![
                ("setting", (*setting).to_string()),
                ("value", quoted(*value, unit)),
                ("low", low.to_string()),
                ("high", quoted(*high, unit)),
            ],
            ResourceError::TooFewPoints {
                setting,
                points,
                needed,
            } => vec![
                ("setting", (*setting).to_string()),
                ("points", points.to_string()),
                ("needed", needed.to_string()),
            ],
            ResourceError::NotRising {
                setting,
                value,
                previous,
                unit,
            } => vec![
                ("setting", (*setting).to_string()),
                ("value", quoted(*value, unit)),
                ("previous", quoted(*previous, unit)),
            ],
            ResourceError::Step { step_s } => vec![("step", step_s.to_string())],
            ResourceError::Period { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            ResourceError::Weather(error) => error.catalogue(),
            _ => catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            ResourceError::Weather(error) => error.text(lang),
            _ => self
                .catalogue()
                .render(self.code(), lang, &self.fields(lang)),
        }
    }
}

impl std::fmt::Display for ResourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for ResourceError {}

pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn all() -> Vec<ResourceError> {
        let setting = "tilt";
        let unit = "deg";
        vec![
            ResourceError::OutOfRange {
                setting,
                value: -3.0,
                low: 0.0,
                high: 90.0,
                unit,
            },
            ResourceError::TooFewPoints {
                setting,
                points: 1,
                needed: 2,
            },
            ResourceError::NotRising {
                setting,
                value: 3.0,
                previous: 4.0,
                unit,
            },
            ResourceError::Step { step_s: 1000 },
            ResourceError::Period {
                from: date(2024, 2, 1),
                to: date(2024, 1, 1),
            },
        ]
    }

    #[test]
    fn every_error_is_said_in_both_languages_with_its_evidence() {
        for error in all() {
            for lang in [Lang::En, Lang::Zh] {
                let text = error.text(lang);
                assert!(
                    !text.contains('{') && !text.contains(error.code()),
                    "{text}"
                );
                for (_, evidence) in error.fields(lang) {
                    assert!(text.contains(&evidence), "{evidence} is not in {text}");
                }
            }
        }
        assert_eq!(catalogue().entries().len(), all().len());
        assert!(
            all()[0].to_string().contains("tilt of -3 deg"),
            "{}",
            all()[0]
        );
    }
}
