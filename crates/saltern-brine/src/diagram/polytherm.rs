//! One salt in water over temperature: the solubility of each hydrate, the freezing curve, and the temperatures at
//! which one gives way to another.

use crate::database::{Database, MineralId};
use crate::diagram::projection::Projection;
use crate::diagram::surface::{Saturated, Surface};
use crate::equilibrium::Equilibrium;

/// A polytherm.
#[derive(Clone, Debug)]
pub struct Polytherm {
    /// The curves of the salt and its hydrates, each from cold to warm.
    pub pieces: Vec<Piece>,
    /// Brines in contact with ice, from cold to warm.
    pub ice: Vec<Equilibrium>,
    /// Where two solids are in contact with the brine, ice among them; cold first.
    pub transitions: Vec<Transition>,
    /// Equilibria solved.
    pub equilibria: usize,
}

/// The curve of one solid.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The solid.
    pub mineral: MineralId,
    /// Its brines.
    pub points: Vec<Equilibrium>,
}

/// A temperature at which one solid gives way to another.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The solid below and the solid above; ice first at a eutectic.
    pub minerals: [MineralId; 2],
    /// The brine.
    pub brine: Equilibrium,
}

/// Longest step of temperature, K.
const STEP_K: f64 = 1.0;
/// To how much a transition is known, K.
const SHARP_K: f64 = 1e-6;

/// The polytherm of a projection on a point, between two temperatures in K.
pub fn draw(
    database: &Database,
    projection: &Projection,
    allowed: &[MineralId],
    (from_k, to_k): (f64, f64),
) -> Polytherm {
    let mut walk = Walk {
        database,
        projection,
        allowed,
        equilibria: 0,
    };
    let mut polytherm = Polytherm {
        pieces: Vec::new(),
        ice: Vec::new(),
        transitions: Vec::new(),
        equilibria: 0,
    };
    let steps = ((to_k - from_k) / STEP_K).ceil().max(1.0) as usize;
    let mut last: Option<(f64, Option<Both>)> = None;
    for k in 0..=steps {
        let t = from_k + (to_k - from_k) * k as f64 / steps as f64;
        let here = walk.at(t, last.as_ref().and_then(|(_, b)| b.as_ref()));
        if let Some((before_k, before)) = last {
            walk.between(
                &mut polytherm,
                (before_k, before.as_ref()),
                (t, here.as_ref()),
            );
        }
        if let Some(both) = &here {
            polytherm.extend(both);
        }
        last = Some((t, here));
    }
    polytherm.equilibria = walk.equilibria;
    polytherm
}

/// What is known at one temperature: the brine saturated with salt, and that in contact with ice.
#[derive(Clone)]
struct Both {
    salt: Saturated,
    ice: Option<Saturated>,
}

struct Walk<'a> {
    database: &'a Database,
    projection: &'a Projection,
    allowed: &'a [MineralId],
    equilibria: usize,
}

impl Polytherm {
    fn extend(&mut self, both: &Both) {
        self.extend_salt(both.salt.mineral, &both.salt.brine);
        self.ice.extend(both.ice.as_ref().map(|s| s.brine.clone()));
    }

    fn extend_salt(&mut self, mineral: MineralId, brine: &Equilibrium) {
        match self.pieces.last_mut() {
            Some(piece) if piece.mineral == mineral => piece.points.push(brine.clone()),
            _ => self.pieces.push(Piece {
                mineral,
                points: vec![brine.clone()],
            }),
        }
    }
}

impl Walk<'_> {
    fn at(&mut self, temperature_k: f64, near: Option<&Both>) -> Option<Both> {
        let mut surface = Surface::new(self.database, self.projection, self.allowed, temperature_k);
        let salt = surface
            .saturated([0.0, 0.0], near.map(|b| &b.salt))
            .or_else(|| surface.saturated([0.0, 0.0], None));
        let both = salt.map(|salt| Both {
            ice: surface.frozen([0.0, 0.0], &salt),
            salt,
        });
        self.equilibria += surface.equilibria;
        both
    }

    /// Adds the transitions between two temperatures.
    fn between(
        &mut self,
        polytherm: &mut Polytherm,
        (cold_k, cold): (f64, Option<&Both>),
        (warm_k, warm): (f64, Option<&Both>),
    ) {
        match (cold, warm) {
            (Some(cold), Some(warm)) if cold.salt.mineral != warm.salt.mineral => {
                self.change(polytherm, (cold_k, cold), (warm_k, warm));
            }
            (None, Some(warm)) if warm.ice.is_some() => {
                self.eutectic(polytherm, cold_k, (warm_k, warm))
            }
            _ => {}
        }
    }

    fn change(&mut self, polytherm: &mut Polytherm, cold: (f64, &Both), warm: (f64, &Both)) {
        let (mut low, mut below) = (cold.0, cold.1.clone());
        let (mut high, mut above) = (warm.0, warm.1.clone());
        while high - low > SHARP_K {
            let middle = 0.5 * (low + high);
            let Some(both) = self.at(middle, Some(&below)) else {
                return;
            };
            if both.salt.mineral == below.salt.mineral {
                (low, below) = (middle, both);
            } else {
                (high, above) = (middle, both);
            }
        }
        polytherm.extend_salt(below.salt.mineral, &below.salt.brine);
        polytherm.transitions.push(Transition {
            minerals: [below.salt.mineral, above.salt.mineral],
            brine: above.salt.brine.clone(),
        });
        polytherm.extend_salt(above.salt.mineral, &above.salt.brine);
        // A third solid between the two.
        if above.salt.mineral != warm.1.salt.mineral {
            self.change(polytherm, (high, &above), warm);
        }
    }

    fn eutectic(&mut self, polytherm: &mut Polytherm, cold_k: f64, warm: (f64, &Both)) {
        let (mut low, mut high, mut above) = (cold_k, warm.0, warm.1.clone());
        while high - low > SHARP_K {
            let middle = 0.5 * (low + high);
            match self.at(middle, Some(&above)) {
                Some(both) => (high, above) = (middle, both),
                None => low = middle,
            }
        }
        let Some(ice) = above.ice.clone() else { return };
        polytherm.transitions.push(Transition {
            minerals: [ice.mineral, above.salt.mineral],
            brine: above.salt.brine.clone(),
        });
        polytherm.extend(&above);
        if above.salt.mineral != warm.1.salt.mineral {
            self.change(polytherm, (high, &above), warm);
        }
    }
}
