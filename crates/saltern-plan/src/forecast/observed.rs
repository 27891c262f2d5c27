//! What is forecast.

use crate::dispatch::{Outside, Series};
use saltern_base::energy::{Energy, GeneratorKind, Identity};
use saltern_base::model::Site;
use saltern_climate::sun;

/// How a series behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bound to the sun.
    Sun,
    /// Bound to the wind.
    Wind,
    /// Asked for by people.
    Load,
}

/// A series, step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Id of its unit.
    pub id: String,
    /// How it behaves.
    pub kind: Kind,
    /// The generator, if it is one's available power.
    pub generator: Option<usize>,
    /// Values, MW.
    pub values: Vec<f64>,
    /// Most that it can be, MW; infinite for a load.
    pub capacity: f64,
    /// What a clear sky gives on the level in each step, in any unit; empty unless of the sun.
    pub clear: Vec<f64>,
    /// Steps in a day.
    pub per_day: usize,
}

impl Observed {
    /// A series of no unit, of wind or load.
    pub fn plain(id: &str, kind: Kind, values: Vec<f64>, capacity: f64, per_day: usize) -> Self {
        Observed {
            id: id.to_owned(),
            kind,
            generator: None,
            values,
            capacity,
            clear: Vec::new(),
            per_day,
        }
    }

    /// All that may be forecast of a base: available power of generators bound to weather, demand of each node and
    /// arriving work of each class, where they change. What the dispatcher orders is no weather, and is left out.
    pub fn of(energy: &Energy, outside: &Outside) -> Vec<Observed> {
        let free = Energy {
            orders: Vec::new(),
            ..energy.clone()
        };
        let series = Series::of(&free, outside);
        let per_day = (24 * 60 / energy.window.step_min.max(1)) as usize;
        let mut all = Vec::new();
        for (g, generator) in energy.generators.iter().enumerate() {
            let kind = match generator.kind {
                GeneratorKind::Pv | GeneratorKind::SolarField => Kind::Sun,
                GeneratorKind::Wind => Kind::Wind,
                GeneratorKind::Hydro | GeneratorKind::Fuel => continue,
            };
            let clear = match kind {
                Kind::Sun => clear_sky(energy),
                _ => Vec::new(),
            };
            all.push(Observed {
                generator: Some(g),
                capacity: generator.capacity_w / crate::dispatch::MW,
                clear,
                ..of_unit(&generator.who, kind, &series.generation[g].high, per_day)
            });
        }
        for (node, demand) in energy.nodes.iter().zip(&series.demand) {
            all.push(of_unit(&node.who, Kind::Load, demand, per_day));
        }
        let classes = series.class_of.iter().zip(&series.arriving);
        for (class, arriving) in classes.take(energy.classes.len()) {
            let step_h = energy.window.step_h();
            let power: Vec<f64> = arriving.iter().map(|mwh| mwh / step_h).collect();
            let who = &energy.classes[*class].who;
            all.push(of_unit(who, Kind::Load, &power, per_day));
        }
        all.retain(|one| one.values.iter().any(|v| *v != one.values[0]));
        all
    }
}

fn of_unit(who: &Identity, kind: Kind, values: &[f64], per_day: usize) -> Observed {
    Observed::plain(&who.id, kind, values.to_vec(), f64::INFINITY, per_day)
}

/// Clear-sky radiation on the level in each step, W/m².
fn clear_sky(energy: &Energy) -> Vec<f64> {
    let Site {
        latitude_deg,
        longitude_deg,
        elevation_m,
        utc_offset_h,
    } = energy.site;
    let site = saltern_climate::Site {
        latitude_deg,
        longitude_deg,
        elevation_m,
        utc_offset_h,
    };
    let window = &energy.window;
    let step_h = window.step_h();
    (0..window.steps)
        .map(|step| {
            let moment = window.moment(step);
            let from_h = f64::from(moment.hour()) + f64::from(moment.minute()) / 60.0;
            let day = moment.date().day_of_year() as u32;
            sun::clear_sky_w_m2(&site, day, from_h, from_h + step_h)
        })
        .collect()
}
