//! When a mineral first lies on the floor of a pond.

use crate::inputs::Sighting;
use crate::matter::Matter;
use crate::pond::Pond;

/// Least mass that counts as lying there, kg/m² (assumed: less is dust that nobody sees).
const SEEN_KG_M2: f64 = 1e-3;

/// What has been seen of every pond.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    seen: Vec<Vec<bool>>,
    new: Vec<Sighting>,
    minerals_mol: Vec<f64>,
}

impl Sightings {
    /// Begins with what lies there.
    pub(crate) fn new(ponds: &[Pond], matter: &Matter) -> Self {
        let mut sightings = Sightings {
            seen: vec![vec![false; matter.minerals.len()]; ponds.len()],
            ..Sightings::default()
        };
        sightings.look(0, ponds, matter);
        sightings.new.clear();
        sightings
    }

    /// Looks at all floors in the evening of a day.
    pub(crate) fn look(&mut self, day: u32, ponds: &[Pond], matter: &Matter) {
        for (p, pond) in ponds.iter().enumerate() {
            self.minerals_mol.clear();
            self.minerals_mol.resize(matter.minerals.len(), 0.0);
            for cell in &pond.cells {
                cell.floor.add_minerals(&mut self.minerals_mol);
            }
            for (m, mineral) in matter.minerals.iter().enumerate() {
                let kg_m2 = self.minerals_mol[m] * mineral.kg_mol / pond.area_m2;
                if kg_m2 > SEEN_KG_M2 && !self.seen[p][m] {
                    self.seen[p][m] = true;
                    self.new.push(Sighting {
                        pond: p,
                        mineral: mineral.name.clone(),
                        day,
                    });
                }
            }
        }
    }

    /// What was seen, by day.
    pub(crate) fn finish(self) -> Vec<Sighting> {
        self.new
    }
}
