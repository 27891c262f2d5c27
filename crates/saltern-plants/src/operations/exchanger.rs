//! Heat exchanger, counter-current: heat from the hot to the cold stream, neither reacting.
//!
//! ```text
//! approach a:       Q = min(H_hot(T_h) − H_hot(T_c + a),  H_cold(T_h − a) − H_cold(T_c)),  0 where T_h − T_c < a
//! effectiveness ε:  Q = ε · that with a = 0
//! ```
//!
//! Enthalpies are those of the streams, so heat capacities vary as they do; heat lost is none.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "exchanger",
    inlets: &["hot", "cold"],
    outlets: &["hot", "cold"],
    open_to_air: false,
    motors: Motors::Without,
    build,
};

#[derive(Debug)]
struct Exchanger {
    approach_k: f64,
    effectiveness: Option<f64>,
}

fn build(settings: &Settings, _: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Exchanger {
        approach_k: settings.number("approach"),
        effectiveness: settings.optional_number("effectiveness"),
    }))
}

impl Operation for Exchanger {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (hot, cold) = (&inlets[0], &inlets[1]);
        let (factor, approach_k) = match self.effectiveness {
            Some(effectiveness) => (effectiveness, 0.0),
            None => (1.0, self.approach_k),
        };
        let difference_k = hot.temperature_k - cold.temperature_k;
        if hot.is_nothing() || cold.is_nothing() || difference_k <= approach_k {
            return Ok(Outcome {
                outlets: vec![hot.clone(), cold.clone()],
                remarks: vec![Remark::NothingToDo {
                    what: "heat exchange: the hot stream is not hotter than the approach allows",
                }],
                ..Outcome::default()
            });
        }
        let at = |stream: &Stream, temperature_k: f64| Stream {
            temperature_k,
            ..stream.clone()
        };
        let hot_w = room.enthalpy_w(0, hot)?;
        let cold_w = room.enthalpy_w(1, cold)?;
        let cooled = at(hot, cold.temperature_k + approach_k);
        let warmed = at(cold, hot.temperature_k - approach_k);
        let gives_w = hot_w - room.enthalpy_w(2, &cooled)?;
        let takes_w = room.enthalpy_w(3, &warmed)? - cold_w;
        let heat_w = factor * gives_w.min(takes_w).max(0.0);
        if !heat_w.is_finite() {
            return Err(UnitError::OutOfRange {
                what: "heat of the streams, W",
                value: heat_w,
                accepted: "streams whose heat capacity is known".to_owned(),
            });
        }
        // Only one of the two ends at its limit; that one is known without a search.
        let full = factor == 1.0;
        let cooled = match full && gives_w <= takes_w {
            true => cooled,
            false => room.settle_adiabatic(4, &[], hot, hot_w - heat_w)?.0,
        };
        let warmed = match full && takes_w < gives_w {
            true => warmed,
            false => room.settle_adiabatic(6, &[], cold, cold_w + heat_w)?.0,
        };
        Ok(Outcome {
            outlets: vec![cooled, warmed],
            figures: vec![Figure {
                code: "plants.figure.exchanged",
                value: heat_w,
                unit: "W",
            }],
            ..Outcome::default()
        })
    }
}
