//! Lithium adsorption on aluminium layered double hydroxide (Al-LDH): load, wash, strip with water, over and over.
//!
//! Langmuir isotherm; the bed's share behind a symmetric mass-transfer zone of length `z` (as a share of the bed) is
//! 1 − z/2 loaded at breakthrough (length of unused bed, Michaels 1952; recalled):
//!
//! ```text
//! q(c) = q_max c / (c½ + c),  c½ = 1/K_L        Δq = η (1 − z/2) q(c_feed)      S = Li taken / Δq
//! other ions:  q_i/q_Li = (n_i/n_Li)/α,  of which the wash takes the share w
//! liquor in the voids, h kg/kg:  after W kg/kg of wash, the share exp(−W/h) of it is left (voids mixed)
//! ```
//!
//! S is sorbent through the cycle, kg/s; all cations go as chlorides. Capacity 7.26 mg/g and α(Li/Mg) = 125 are Zhong
//! 2021 (Desalination 505:114983) on old brine of Qarhan at 303 K; w = 0.82 makes those two give its stripped Mg/Li of
//! 0.43 from 301 in the brine. Granules hold less (about 6 mg/g). K_L is not in the source: c½ is assumed.
//! Heat bought: what brings the strip water to its temperature, and beside it `heat`, per mass of eluate, as an inventory may state it. The Chaerhan
//! inventory has 0.43273 MJ/kg, which would warm the eluate by 103 K: suspect, so it is a setting and 0 by default.

use saltern_brine::database::{ComponentId, HYDROGEN};

use crate::ions::{MOST, charge_of};
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, Utilities, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "adsorber",
    inlets: &["brine", "wash", "strip", "recycled"],
    outlets: &["spent", "washings", "eluate"],
    open_to_air: true,
    motors: Motors::Modelled,
    build,
};

#[derive(Debug)]
struct Adsorber {
    target: ComponentId,
    chloride: ComponentId,
    capacity_kg_kg: f64,
    half_kg_m3: f64,
    transfer_zone: f64,
    desorbed: f64,
    uptake: f64,
    selectivity: f64,
    single: Vec<(ComponentId, f64)>,
    washed_off: f64,
    hold_up_kg_kg: f64,
    wash_kg_kg: f64,
    strip_kg_kg: f64,
    strip_temperature_k: Option<f64>,
    cycle_s: f64,
    bed_kg: Option<f64>,
    heat_j_kg: f64,
    power_j_kg: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let number = |name: &str| settings.number(name);
    Ok(Box::new(Adsorber {
        target: settings.component("target", matter)?,
        chloride: settings.component("counter_ion", matter)?,
        capacity_kg_kg: number("capacity"),
        half_kg_m3: number("half_concentration"),
        transfer_zone: number("transfer_zone"),
        desorbed: number("desorbed"),
        uptake: number("uptake"),
        selectivity: number("selectivity"),
        single: settings.component_shares("selectivities", matter)?,
        washed_off: number("washed_off"),
        hold_up_kg_kg: number("hold_up"),
        wash_kg_kg: number("wash"),
        strip_kg_kg: number("strip"),
        strip_temperature_k: settings.optional_number("strip_temperature"),
        cycle_s: number("cycle"),
        bed_kg: settings.optional_number("bed"),
        heat_j_kg: number("heat"),
        power_j_kg: number("power"),
    }))
}

impl Adsorber {
    /// What the sorbent takes up for a mole of the target: (component, mol), itself first.
    fn load(&self, brine: &Stream, matter: &Matter<'_>) -> Vec<(ComponentId, f64)> {
        let n = &brine.brine_mol_s;
        let mut load = vec![(self.target, 1.0)];
        for c in 0..n.len() {
            let cation = charge_of(matter, c) > 0.0 && c != HYDROGEN && c != self.target;
            if cation && n[c] > 0.0 {
                let single = self.single.iter().find(|(s, _)| *s == c);
                let alpha = single.map_or(self.selectivity, |(_, a)| *a);
                load.push((c, n[c] / (n[self.target] * alpha)));
            }
        }
        load
    }

    /// What the bed takes up: as asked, but no more than there is of each ion and than the bed can turn over.
    fn uptake(
        &self,
        brine: &Stream,
        density_kg_m3: f64,
        matter: &Matter<'_>,
        remarks: &mut Vec<Remark>,
    ) -> Uptake {
        let target_mol_s = brine.brine_mol_s[self.target];
        let kg_mol = matter.database.components[self.target].molar_mass_kg_mol;
        let volume_m3_s = brine.liquid_kg_s(matter) / density_kg_m3;
        let feed_kg_m3 = target_mol_s * kg_mol / volume_m3_s;
        let loading = self.capacity_kg_kg * feed_kg_m3 / (self.half_kg_m3 + feed_kg_m3);
        let working_kg_kg = self.desorbed * (1.0 - 0.5 * self.transfer_zone) * loading;
        let load = self.load(brine, matter);
        let charge: f64 = load.iter().map(|(c, n)| n * charge_of(matter, *c)).sum();
        let mut taken_mol_s = self.uptake * target_mol_s;
        // Others than the target must not be taken beyond what there is, nor the chloride.
        let within = |(c, n): &(ComponentId, f64)| MOST * brine.brine_mol_s[*c] / n;
        let most = load.iter().map(within).fold(f64::INFINITY, f64::min);
        let most = most.min(MOST * brine.brine_mol_s[self.chloride] / charge);
        let by_bed = self
            .bed_kg
            .map(|bed| bed / self.cycle_s * working_kg_kg / kg_mol);
        let most = most.min(by_bed.unwrap_or(f64::INFINITY));
        if taken_mol_s > most {
            remarks.push(Remark::Limited {
                what: "share of the lithium taken up",
                asked: self.uptake,
                reached: most / target_mol_s,
            });
            taken_mol_s = most;
        }
        Uptake {
            taken_mol_s,
            load,
            working_kg_kg,
            sorbent_kg_s: taken_mol_s * kg_mol / working_kg_kg,
        }
    }

    /// What the sorbent takes up, as chlorides, and what of it the wash takes off again.
    fn adsorbed(&self, uptake: &Uptake, matter: &Matter<'_>) -> (Stream, Stream) {
        let mut adsorbed = Stream::nothing(matter);
        let mut washed_off = Stream::nothing(matter);
        for (k, (c, n)) in uptake.load.iter().enumerate() {
            let amount = uptake.taken_mol_s * n;
            let off = match k {
                0 => 0.0, // the target stays
                _ => self.washed_off * amount,
            };
            for (stream, n) in [(&mut adsorbed, amount), (&mut washed_off, off)] {
                stream.brine_mol_s[*c] += n;
                stream.brine_mol_s[self.chloride] += n * charge_of(matter, *c);
            }
        }
        (adsorbed, washed_off)
    }

    /// Brings the strip water to its temperature; the heat that takes, W.
    fn warm(&self, strip: &mut Stream, room: &mut Room<'_>) -> Result<f64, UnitError> {
        let Some(temperature_k) = self.strip_temperature_k else {
            return Ok(0.0);
        };
        let before_w = room.enthalpy_w(2, strip)?;
        strip.temperature_k = temperature_k;
        Ok(room.enthalpy_w(3, strip)? - before_w)
    }

    fn figures(&self, uptake: &Uptake, added_w: f64) -> Vec<Figure> {
        let bed_kg = self.bed_kg.unwrap_or(uptake.sorbent_kg_s * self.cycle_s);
        [
            (
                "plants.figure.working_capacity",
                1e3 * uptake.working_kg_kg,
                "g/kg",
            ),
            ("plants.figure.sorbent", bed_kg, "kg"),
            ("plants.figure.added_heat", added_w, "W"),
        ]
        .map(|(code, value, unit)| Figure { code, value, unit })
        .to_vec()
    }
}

/// What a bed takes up.
struct Uptake {
    /// Of the target.
    taken_mol_s: f64,
    /// With each mole of the target: (component, mol), the target first.
    load: Vec<(ComponentId, f64)>,
    /// Target that a cycle moves on a kilogram of sorbent.
    working_kg_kg: f64,
    /// Sorbent that is loaded a second.
    sorbent_kg_s: f64,
}

impl Operation for Adsorber {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let [brine, wash, strip, recycled] = inlets else {
            return Ok(Outcome::default());
        };
        let idle = |brine: &Stream| Outcome {
            outlets: vec![brine.clone(), Stream::nothing(matter), recycled.clone()],
            taken: vec![(1, 0.0), (2, 0.0)],
            remarks: vec![Remark::NothingToDo {
                what: "adsorption: no lithium in the brine",
            }],
            ..Outcome::default()
        };
        let Some(state) = room.speciate(0, brine)? else {
            return Ok(idle(brine));
        };
        let absent = |c: ComponentId| brine.brine_mol_s[c] <= 0.0;
        if absent(self.target) || absent(self.chloride) {
            return Ok(idle(brine));
        }
        let mut remarks = Vec::new();
        let density_kg_m3 = state.density_kg_m3(matter.database);
        let uptake = self.uptake(brine, density_kg_m3, matter, &mut remarks);
        let sorbent_kg_s = uptake.sorbent_kg_s;
        let (adsorbed, washed_off) = self.adsorbed(&uptake, matter);
        let released = adsorbed.less(&washed_off);

        // Liquor in the voids: that of the brine after the load, replaced by wash water, replaced by strip water.
        let lean = brine.less(&adsorbed);
        let held_share = (self.hold_up_kg_kg * sorbent_kg_s / lean.liquid_kg_s(matter)).min(1.0);
        let held = lean.liquid().times(held_share);
        let left = (-self.wash_kg_kg / self.hold_up_kg_kg).exp();
        let wash_kg_s = self.wash_kg_kg * sorbent_kg_s;
        let wash_factor = demand("wash water, kg/s", wash_kg_s, wash.mass_kg_s(matter))?;
        let wash_in = wash.times(wash_factor);
        let rest = held.times(left);
        // What replaces the brine in the voids; the wash always suffices: 1 − exp(−x) ≤ x.
        let in_voids = wash_in.times(replaced(held.mass_kg_s(matter), left, wash_kg_s));
        let mut washings = wash_in.less(&in_voids);
        washings.add(&held.less(&rest));
        washings.add(&washed_off);

        let strip_kg_s = self.strip_kg_kg * sorbent_kg_s;
        let fresh_kg_s = (strip_kg_s - recycled.mass_kg_s(matter)).max(0.0);
        let strip_factor = demand("strip water, kg/s", fresh_kg_s, strip.mass_kg_s(matter))?;
        let mut strip_in = room.blend(1, &[strip.times(strip_factor), recycled.clone()])?;
        let warming_w = self.warm(&mut strip_in, room)?;
        let strip_in_kg_s = strip_in.mass_kg_s(matter);
        let stays = if strip_in_kg_s > 0.0 {
            (self.hold_up_kg_kg * sorbent_kg_s / strip_in_kg_s).min(1.0)
        } else {
            0.0
        };
        let last = strip_in.times(stays);
        let mut eluate = strip_in.less(&last);
        eluate.add(&rest);
        eluate.add(&in_voids);
        eluate.add(&released);
        // The next load pushes the last of the strip water out with the spent brine.
        let mut spent = lean.less(&held);
        spent.add(&last);

        let eluate_kg_s = eluate.mass_kg_s(matter);
        let added_w = self.heat_j_kg * eluate_kg_s;
        Ok(Outcome {
            outlets: vec![spent, washings, eluate],
            taken: vec![(1, wash_factor), (2, strip_factor)],
            power_w: self.power_j_kg * eluate_kg_s,
            utilities: Some(Utilities {
                heating_w: warming_w.max(0.0) + added_w,
                cooling_w: (-warming_w).max(0.0),
            }),
            figures: self.figures(&uptake, added_w),
            remarks,
        })
    }
}

/// Share of the wash that stays in the voids.
fn replaced(held_kg_s: f64, left: f64, wash_kg_s: f64) -> f64 {
    if wash_kg_s > 0.0 {
        ((1.0 - left) * held_kg_s / wash_kg_s).min(1.0)
    } else {
        0.0
    }
}
