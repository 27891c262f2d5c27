//! Where the plants' electricity comes from: the energy side of the same base.

use std::path::Path;

use saltern_base::energy::{Carrier, Energy};
use saltern_plan::dispatch::Series;
use saltern_plan::production::energy::EnergySide;

use crate::failure::{CliError, Failure};
use crate::plan::{outside, plants};
use crate::simulate::Folder;

/// The energy side and the node that the plants are joined to.
pub(super) struct Supply {
    energy: Energy,
    series: Series,
    node: usize,
}

impl Supply {
    /// Reads the energy side of a base. What plants take of `node` is for the plan to say; what they take elsewhere is
    /// as in a run.
    pub(super) fn read(folder: &Folder, node: &str, run: Option<&Path>) -> Result<Supply, Failure> {
        let mut energy = folder.energy()?;
        let here = energy.nodes.iter().position(|n| n.who.id == node);
        energy
            .demands
            .retain(|demand| demand.plant.is_none() || Some(demand.node) != here);
        let steps = energy.window.steps;
        plants::read(folder, &mut energy, run, steps)?;
        let (outside, _) = outside::read(folder, &energy)?;
        let series = Series::of(&energy, &outside);
        let electric = |n: &saltern_base::energy::Node| n.carrier == Carrier::Electricity;
        let known = energy.nodes.iter().filter(|n| electric(n));
        let known: Vec<&str> = known.map(|n| n.who.id.as_str()).collect();
        let mut nodes = energy.nodes.iter();
        let found = nodes.position(|n| n.who.id == node && electric(n));
        let found = found.ok_or_else(|| CliError::BadOption {
            option: "--node",
            value: node.into(),
            accepted: known.join(", "),
        })?;
        Ok(Supply {
            energy,
            series,
            node: found,
        })
    }

    pub(super) fn side(&self) -> EnergySide<'_> {
        EnergySide {
            energy: &self.energy,
            series: &self.series,
            node: self.node,
        }
    }
}
