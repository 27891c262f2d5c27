//! Mill or crusher: hands on what comes in; its power is by Bond's third law.
//!
//! ```text
//! W = 10 W_i (1/√P₈₀ − 1/√F₈₀) / η,   P = W ṁ_solids
//! ```
//!
//! W in kWh a **metric** tonne, W_i the work index in kWh a metric tonne, P₈₀ and F₈₀ the sizes in µm that 80 % of
//! product and feed pass, η the efficiency of motor and drive (Bond's law is power at the pinion). Bond, Br. Chem. Eng. 6
//! (1961) 378, tabulates W_i per *short* ton of 907.18 kg: times 1.1023 a tonne (Rowland 1976, SME-AIME Denver). His law
//! is for tumbling mills in closed circuit, product 70 µm and coarser; crushing takes the impact work index.
//!
//! Sizes of grains are not followed by streams: what a screen or a flotation cell makes of them stands in its settings.
//! The charge keeps its temperature; the power leaves as heat to the air.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::parting;
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "mill",
    inlets: &["in"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Modelled,
    build,
};

/// Finest product that Bond's law is for, m.
const FINEST_M: f64 = 70e-6;

#[derive(Debug)]
struct Mill {
    work_j_kg: f64,
    product_m: f64,
}

fn build(settings: &Settings, _: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let micrometres = |name: &str| 1e6 * settings.number(name);
    let (feed, product) = (micrometres("feed_size"), micrometres("product_size"));
    let reduction = (1.0 / product.sqrt() - 1.0 / feed.sqrt()).max(0.0);
    Ok(Box::new(Mill {
        work_j_kg: 10.0 * settings.number("work_index") * reduction / settings.number("efficiency"),
        product_m: settings.number("product_size"),
    }))
}

impl Operation for Mill {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let mut remarks = Vec::new();
        if self.work_j_kg == 0.0 {
            remarks.push(Remark::NothingToDo { what: "grinding" });
        } else if self.product_m < FINEST_M {
            remarks.push(Remark::Extrapolated {
                what: "size of the product, um",
                value: 1e6 * self.product_m,
                range: "≥ 70 um".to_owned(),
            });
        }
        Ok(Outcome {
            outlets: vec![inlets[0].clone()],
            power_w: self.work_j_kg * parting::solids_kg_s(&inlets[0], room.matter),
            figures: vec![Figure {
                code: "plants.figure.grinding_work",
                value: self.work_j_kg / 3.6e3,
                unit: "kWh/t",
            }],
            remarks,
            ..Outcome::default()
        })
    }
}
