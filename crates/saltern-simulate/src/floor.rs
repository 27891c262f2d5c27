//! The salt floor of a cell: a top layer that reacts with the brine above, and buried layers under it.
//!
//! The pores of the top layer hold the brine of the cell itself (they exchange within a day), so that
//! brine is part of the cell. What is buried takes its pore brine with it: that brine is lost to the
//! pond until a harvest or a dissolving floor gives it back.

use crate::matter::Matter;

/// Buried layers kept apart; older ones are merged.
const LAYERS_MAX: usize = 12;

/// Exposure begins when the top layer is thinner than this share of the reactive thickness. Below 1,
/// so that a floor that grows and shrinks a little does not stir up what lies under it.
const EXPOSE_BELOW: f64 = 0.5;

/// Share of a cell's brine that can be buried at once: pores stay partly empty rather than drain a
/// nearly dry cell.
const BURIED_SHARE_MAX: f64 = 0.5;

/// A buried layer: its salt and the brine in its pores.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer {
    /// Minerals, mol.
    pub(crate) minerals_mol: Vec<f64>,
    /// Components of the pore brine, mol.
    pub(crate) pore_mol: Vec<f64>,
    /// Volume of the pore brine, m³.
    pub(crate) pore_m3: f64,
    /// Volume with pores, m³.
    pub(crate) bulk_m3: f64,
}

impl Layer {
    fn empty(matter: &Matter) -> Self {
        Layer {
            minerals_mol: vec![0.0; matter.minerals.len()],
            pore_mol: vec![0.0; matter.components()],
            pore_m3: 0.0,
            bulk_m3: 0.0,
        }
    }

    fn absorb(&mut self, other: &Layer) {
        add(&mut self.minerals_mol, &other.minerals_mol);
        add(&mut self.pore_mol, &other.pore_mol);
        self.pore_m3 += other.pore_m3;
        self.bulk_m3 += other.bulk_m3;
    }

    /// Takes a share of the layer away.
    fn split(&mut self, share: f64) -> Layer {
        let part = Layer {
            minerals_mol: take(&mut self.minerals_mol, share),
            pore_mol: take(&mut self.pore_mol, share),
            pore_m3: self.pore_m3 * share,
            bulk_m3: self.bulk_m3 * share,
        };
        self.pore_m3 -= part.pore_m3;
        self.bulk_m3 -= part.bulk_m3;
        part
    }
}

fn add(to: &mut [f64], from: &[f64]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f;
    }
}

/// Removes a share of each amount and hands it over; a share of 1 leaves exact zeros.
fn take(from: &mut [f64], share: f64) -> Vec<f64> {
    from.iter_mut()
        .map(|n| {
            let part = *n * share;
            *n -= part;
            part
        })
        .collect()
}

/// The brine of a cell as the floor sees it.
pub(crate) struct Brine<'a> {
    /// Components, mol.
    pub(crate) amounts_mol: &'a mut [f64],
    /// Volume, m³.
    pub(crate) volume_m3: &'a mut f64,
}

impl Brine<'_> {
    /// Moves a volume of the brine into a layer's pores.
    fn give(&mut self, volume_m3: f64, layer: &mut Layer) {
        if *self.volume_m3 <= 0.0 {
            return;
        }
        let share = (volume_m3 / *self.volume_m3).clamp(0.0, BURIED_SHARE_MAX);
        for (n, pore) in self.amounts_mol.iter_mut().zip(&mut layer.pore_mol) {
            let part = *n * share;
            *n -= part;
            *pore += part;
        }
        let moved = *self.volume_m3 * share;
        *self.volume_m3 -= moved;
        layer.pore_m3 += moved;
    }

    fn receive(&mut self, layer: &Layer) {
        add(self.amounts_mol, &layer.pore_mol);
        *self.volume_m3 += layer.pore_m3;
    }
}

/// The floor of one cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Floor {
    /// Minerals of the top layer, mol.
    pub(crate) top_mol: Vec<f64>,
    /// Volume of the top layer with pores, m³.
    pub(crate) top_bulk_m3: f64,
    /// Buried layers, the oldest first.
    pub(crate) buried: Vec<Layer>,
    /// Volume of the buried layers with pores, m³.
    pub(crate) buried_bulk_m3: f64,
    /// Porosity of salt that settles.
    pub(crate) porosity: f64,
    /// Volume of the top layer beyond which it is buried, m³; zero = nothing reacts back.
    pub(crate) reactive_m3: f64,
}

impl Floor {
    pub(crate) fn bare(matter: &Matter, porosity: f64, reactive_m3: f64) -> Self {
        Floor {
            top_mol: vec![0.0; matter.minerals.len()],
            top_bulk_m3: 0.0,
            buried: Vec::new(),
            buried_bulk_m3: 0.0,
            porosity,
            reactive_m3,
        }
    }

    /// Volume of the whole floor with pores, m³.
    pub(crate) fn bulk_m3(&self) -> f64 {
        self.top_bulk_m3 + self.buried_bulk_m3
    }

    /// Room in the pores of the top layer, m³.
    pub(crate) fn top_pores_m3(&self) -> f64 {
        self.porosity * self.top_bulk_m3
    }

    /// To be called after the minerals of the top layer changed.
    pub(crate) fn settle(&mut self, matter: &Matter) {
        self.top_bulk_m3 = matter.solid_m3(&self.top_mol) / (1.0 - self.porosity);
    }

    /// Buries what the top layer holds beyond the reactive thickness, and exposes what lies under a
    /// top layer that dissolved away.
    pub(crate) fn turn(&mut self, matter: &Matter, brine: &mut Brine) {
        if self.top_bulk_m3 > self.reactive_m3 {
            self.bury(matter, brine);
        } else if self.top_bulk_m3 < EXPOSE_BELOW * self.reactive_m3 && !self.buried.is_empty() {
            self.expose(matter, brine);
        }
    }

    fn bury(&mut self, matter: &Matter, brine: &mut Brine) {
        let excess_m3 = self.top_bulk_m3 - self.reactive_m3;
        let share = if self.reactive_m3 > 0.0 {
            excess_m3 / self.top_bulk_m3
        } else {
            1.0
        };
        if self.needs_new_layer() {
            self.merge_oldest();
            self.buried.push(Layer::empty(matter));
        }
        if let Some(layer) = self.buried.last_mut() {
            for (n, lying) in self.top_mol.iter_mut().zip(&mut layer.minerals_mol) {
                let part = *n * share;
                *n -= part;
                *lying += part;
            }
            layer.bulk_m3 += excess_m3;
            brine.give(self.porosity * excess_m3, layer);
        }
        self.buried_bulk_m3 += excess_m3;
        self.settle(matter);
    }

    /// A layer takes in salt until it is as thick as the reactive layer (or, on a floor that does not
    /// react, without end: there is nothing to keep apart).
    fn needs_new_layer(&self) -> bool {
        match self.buried.last() {
            None => true,
            Some(last) => self.reactive_m3 > 0.0 && last.bulk_m3 > self.reactive_m3,
        }
    }

    fn merge_oldest(&mut self) {
        if self.buried.len() >= LAYERS_MAX {
            let oldest = self.buried.remove(0);
            self.buried[0].absorb(&oldest);
        }
    }

    fn expose(&mut self, matter: &Matter, brine: &mut Brine) {
        let salt = self.lift_all(matter, self.reactive_m3 - self.top_bulk_m3);
        add(&mut self.top_mol, &salt.minerals_mol);
        brine.receive(&salt);
        self.settle(matter);
    }

    /// Takes a bulk volume off the buried layers, or all of them if there is less.
    fn lift_all(&mut self, matter: &Matter, bulk_m3: f64) -> Layer {
        let mut salt = Layer::empty(matter);
        // What is left of a volume after rounding is not asked for again.
        while bulk_m3 - salt.bulk_m3 > 1e-12 * bulk_m3 {
            let Some(part) = self.lift(bulk_m3 - salt.bulk_m3) else {
                break;
            };
            salt.absorb(&part);
        }
        salt
    }

    /// Takes up to a bulk volume off the topmost buried layer.
    fn lift(&mut self, bulk_m3: f64) -> Option<Layer> {
        let mut layer = self.buried.pop()?;
        if layer.bulk_m3 > bulk_m3 {
            let part = layer.split(bulk_m3 / layer.bulk_m3);
            self.buried.push(layer);
            self.buried_bulk_m3 -= part.bulk_m3;
            return Some(part);
        }
        self.buried_bulk_m3 -= layer.bulk_m3;
        if self.buried.is_empty() {
            self.buried_bulk_m3 = 0.0;
        }
        Some(layer)
    }

    /// Cuts a bulk volume off the floor from above, pore brine of buried layers included; the pore
    /// brine of the top layer stays with the cell's brine.
    pub(crate) fn cut(&mut self, matter: &Matter, bulk_m3: f64) -> Layer {
        let top_m3 = bulk_m3.min(self.top_bulk_m3);
        let mut salt = self.lift_all(matter, bulk_m3 - top_m3);
        if top_m3 > 0.0 {
            let top_mol = take(&mut self.top_mol, top_m3 / self.top_bulk_m3);
            add(&mut salt.minerals_mol, &top_mol);
            salt.bulk_m3 += top_m3;
            self.settle(matter);
        }
        salt
    }

    /// Dry salt that [`Floor::cut`] would take with a bulk volume, kg.
    pub(crate) fn salt_above_kg(&self, matter: &Matter, bulk_m3: f64) -> f64 {
        let top = (&self.top_mol, self.top_bulk_m3);
        let buried = self.buried.iter().rev();
        let layers = [top].into_iter();
        let layers = layers.chain(buried.map(|layer| (&layer.minerals_mol, layer.bulk_m3)));
        let mut wanted_m3 = bulk_m3;
        let mut salt_kg = 0.0;
        for (minerals_mol, layer_m3) in layers {
            if wanted_m3 <= 0.0 {
                break;
            }
            if layer_m3 > 0.0 {
                let share = (wanted_m3 / layer_m3).min(1.0);
                salt_kg += share * matter.salt_kg(minerals_mol);
                wanted_m3 -= layer_m3;
            }
        }
        salt_kg
    }

    /// Lays salt whose pores are filled with the given brine under everything else.
    pub(crate) fn underlay(&mut self, layer: Layer) {
        self.buried_bulk_m3 += layer.bulk_m3;
        self.buried.insert(0, layer);
    }

    /// Minerals of all layers, mol.
    pub(crate) fn add_minerals(&self, minerals_mol: &mut [f64]) {
        add(minerals_mol, &self.top_mol);
        for layer in &self.buried {
            add(minerals_mol, &layer.minerals_mol);
        }
    }

    /// Components of the buried pore brine, mol.
    pub(crate) fn add_pore(&self, amounts_mol: &mut [f64]) {
        for layer in &self.buried {
            add(amounts_mol, &layer.pore_mol);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::MineralMatter;

    /// One salt of 1 kg/mol and 1 litre/mol, one component.
    fn matter() -> Matter {
        Matter {
            elements: vec!["X".into()],
            element_kg_mol: vec![1.0],
            component_kg_mol: vec![1.0],
            component_elements: vec![vec![(0, 1.0)]],
            minerals: vec![MineralMatter {
                id: 0,
                name: "salt".into(),
                kg_mol: 1.0,
                solid_m3_mol: 1e-3,
                volume_assumed: false,
                reacts: true,
                components: vec![(0, 1.0)],
            }],
        }
    }

    struct Bed {
        matter: Matter,
        floor: Floor,
        brine_mol: Vec<f64>,
        volume_m3: f64,
    }

    impl Bed {
        fn new(reactive_m3: f64) -> Self {
            let matter = matter();
            let floor = Floor::bare(&matter, 0.5, reactive_m3);
            Bed {
                matter,
                floor,
                brine_mol: vec![100.0],
                volume_m3: 10.0,
            }
        }

        fn turn(&mut self) {
            self.floor.settle(&self.matter);
            let mut brine = Brine {
                amounts_mol: &mut self.brine_mol,
                volume_m3: &mut self.volume_m3,
            };
            self.floor.turn(&self.matter, &mut brine);
        }

        /// Salt and dissolved matter of all layers and the cell.
        fn all_mol(&self) -> (f64, f64) {
            let (mut salt, mut pore) = (vec![0.0], vec![0.0]);
            self.floor.add_minerals(&mut salt);
            self.floor.add_pore(&mut pore);
            (salt[0], pore[0] + self.brine_mol[0])
        }
    }

    #[test]
    fn what_settles_beyond_the_reactive_layer_is_buried_with_its_brine() {
        let mut bed = Bed::new(0.2);
        bed.floor.top_mol[0] = 400.0;
        bed.turn();
        // 400 litres of salt at half pores are 0.8 m³: 0.6 of it goes under with 0.3 m³ of brine.
        assert!((bed.floor.top_bulk_m3 - 0.2).abs() < 1e-12);
        assert!((bed.floor.buried_bulk_m3 - 0.6).abs() < 1e-12);
        assert!((bed.volume_m3 - 9.7).abs() < 1e-12 && (bed.brine_mol[0] - 97.0).abs() < 1e-10);
        assert_eq!(bed.all_mol(), (400.0, 100.0));
    }

    #[test]
    fn a_top_that_dissolves_away_exposes_what_lies_under_it() {
        let mut bed = Bed::new(0.2);
        for _ in 0..60 {
            bed.floor.top_mol[0] += 30.0;
            bed.turn();
        }
        assert!(bed.floor.buried.len() <= LAYERS_MAX);
        let (salt, dissolved) = bed.all_mol();
        assert!((salt - 1800.0).abs() < 1e-9 && (dissolved - 100.0).abs() < 1e-9);
        bed.floor.top_mol[0] = 40.0;
        bed.turn();
        let (salt, dissolved) = bed.all_mol();
        assert!((bed.floor.top_bulk_m3 - 0.2).abs() < 1e-12);
        assert!((salt - 1740.0).abs() < 1e-9 && (dissolved - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_floor_that_does_not_react_buries_everything() {
        let mut bed = Bed::new(0.0);
        bed.floor.top_mol[0] = 5.0;
        bed.turn();
        assert_eq!((bed.floor.top_mol[0], bed.floor.top_bulk_m3), (0.0, 0.0));
        assert_eq!(bed.floor.bulk_m3(), 0.01);
    }

    #[test]
    fn a_cut_takes_the_top_first() {
        let mut bed = Bed::new(0.2);
        bed.floor.top_mol[0] = 400.0;
        bed.turn();
        let salt = bed.floor.cut(&bed.matter, 0.5);
        assert!((salt.minerals_mol[0] - 250.0).abs() < 1e-9);
        assert!((bed.floor.bulk_m3() - 0.3).abs() < 1e-12 && bed.floor.top_mol[0] == 0.0);
        // 0.3 of the 0.6 m³ that were buried came up, with half the buried brine.
        assert!((salt.pore_mol[0] - 1.5).abs() < 1e-9);
    }

    /// A pile of layers is not as dense everywhere: a dredge that was told to take so many tonnes took up to 5 % less, as
    /// long as the mean of the whole floor was believed.
    #[test]
    fn what_lies_above_is_what_a_cut_takes() {
        for (bulk_m3, kg) in [(0.05, 15.0), (0.1, 30.0), (0.15, 80.0), (0.3, 260.0)] {
            let mut bed = Bed::new(0.2);
            let layer = |salt_mol: f64| Layer {
                minerals_mol: vec![salt_mol],
                bulk_m3: 0.1,
                ..Layer::empty(&bed.matter)
            };
            bed.floor.buried = vec![layer(130.0), layer(100.0), layer(30.0)];
            bed.floor.buried_bulk_m3 = 0.3;
            let above_kg = bed.floor.salt_above_kg(&bed.matter, bulk_m3);
            let taken = bed.floor.cut(&bed.matter, bulk_m3);
            assert!((above_kg - kg).abs() < 1e-9, "{bulk_m3}: {above_kg}");
            assert!((taken.minerals_mol[0] - kg).abs() < 1e-9, "{bulk_m3}");
        }
    }
}
