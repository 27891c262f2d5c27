//! What a reader should know about weather, without it being an error.

use saltern_units::message::{Catalogue, Fields, Lang, Message};

/// A remark on a weather series.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// `weather.synthetic`: generated, not measured.
    Synthetic {
        /// Seed of the generator.
        seed: u64,
    },
    /// `weather.normal_assumed`: the normals table left a quantity out and a default was taken.
    NormalAssumed {
        /// Which quantity.
        quantity: &'static str,
        /// What was taken.
        value: &'static str,
    },
    /// `weather.mixed_years`: the months of a typical year come from different years.
    MixedYears {
        /// How many.
        years: usize,
    },
    /// `weather.leap_day_dropped`: 29 February was passed over.
    LeapDayDropped {
        /// Hours of it.
        hours: usize,
    },
    /// `weather.rain_coverage`: rain is known for a part of the hours only; the others count as dry.
    RainCoverage {
        /// Hours with known rain.
        known_h: usize,
        /// All hours.
        total_h: usize,
    },
    /// `weather.rain_in_tenths`: rain depths carry the finger-print of tenths of a millimetre and were
    /// read as such.
    RainInTenths {
        /// Sum of the file as it is labelled, mm.
        labelled_mm: f64,
        /// Sum as read, mm.
        read_mm: f64,
    },
    /// `weather.no_rain`: the format has no rain; all hours count as dry.
    NoRain,
    /// `weather.pressure_assumed`: pressure of the standard atmosphere at the site's elevation.
    PressureAssumed {
        /// Pressure taken, Pa.
        pressure_pa: f64,
    },
    /// `weather.wind_height_assumed`: the file does not say at what height the wind was measured.
    WindHeightAssumed {
        /// Height taken, m.
        height_m: f64,
    },
    /// `weather.sun_off_clock`: the day's radiation is not centred on noon, as it should be at the
    /// stated longitude and UTC offset: the file's clock is doubtful.
    SunOffClock {
        /// By how much the sun leads the clock, h; negative if it lags.
        lead_h: f64,
    },
    /// `weather.offset_assumed`: the file is in UTC; its local standard time is that of its longitude.
    OffsetAssumed {
        /// Hours ahead of UTC.
        utc_offset_h: f64,
    },
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        match self {
            Notice::Synthetic { .. } => "weather.synthetic",
            Notice::NormalAssumed { .. } => "weather.normal_assumed",
            Notice::MixedYears { .. } => "weather.mixed_years",
            Notice::LeapDayDropped { .. } => "weather.leap_day_dropped",
            Notice::RainCoverage { .. } => "weather.rain_coverage",
            Notice::RainInTenths { .. } => "weather.rain_in_tenths",
            Notice::NoRain => "weather.no_rain",
            Notice::PressureAssumed { .. } => "weather.pressure_assumed",
            Notice::WindHeightAssumed { .. } => "weather.wind_height_assumed",
            Notice::OffsetAssumed { .. } => "weather.offset_assumed",
            Notice::SunOffClock { .. } => "weather.sun_off_clock",
        }
    }

    fn fields(&self, _: Lang) -> Fields {
        match self {
            Notice::Synthetic { seed } => vec![("seed", seed.to_string())],
            Notice::NormalAssumed { quantity, value } => {
                vec![
                    ("quantity", (*quantity).to_string()),
                    ("value", (*value).to_string()),
                ]
            }
            Notice::MixedYears { years } => vec![("years", years.to_string())],
            Notice::LeapDayDropped { hours } => vec![("hours", hours.to_string())],
            Notice::RainCoverage { known_h, total_h } => {
                vec![
                    ("known", known_h.to_string()),
                    ("total", total_h.to_string()),
                ]
            }
            Notice::RainInTenths {
                labelled_mm,
                read_mm,
            } => {
                vec![
                    ("labelled", format!("{labelled_mm:.0}")),
                    ("read", format!("{read_mm:.1}")),
                ]
            }
            Notice::NoRain => Fields::new(),
            Notice::SunOffClock { lead_h } => vec![("lead", format!("{lead_h:+.1}"))],
            Notice::PressureAssumed { pressure_pa } => {
                vec![("pressure", format!("{:.1}", pressure_pa / 1000.0))]
            }
            Notice::WindHeightAssumed { height_m } => vec![("height", format!("{height_m}"))],
            Notice::OffsetAssumed { utc_offset_h } => vec![("offset", format!("{utc_offset_h:+}"))],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        super::catalogue()
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}
