//! The kinds of units there are: their ports, and how one is built from its settings.

use crate::matter::Matter;
use crate::operation::Operation;
use crate::operations;
use crate::settings::{SettingError, Settings};

/// How a unit is built.
pub type Build = fn(&Settings, &Matter<'_>) -> Result<Box<dyn Operation>, SettingError>;

/// Where the electricity of a kind of unit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motors {
    /// From its drives alone ([`crate::drives`]): without their settings it is unknown.
    Driven,
    /// From its own equations (a membrane's pump, an electrolysis); drives may come on top.
    Modelled,
    /// It has none by nature: a tee, a junction, a heat exchanger. Drives may be given.
    Without,
}

/// A kind of unit.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Name in files.
    pub name: &'static str,
    /// Inlet ports; several streams at one port are blended.
    pub inlets: &'static [&'static str],
    /// Outlet ports; each takes one stream.
    pub outlets: &'static [&'static str],
    /// Whether heat comes from and goes to the surroundings by itself, so that it is no utility.
    pub open_to_air: bool,
    /// Whether it takes electricity, and who says how much.
    pub motors: Motors,
    /// Builds one.
    pub build: Build,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A kind by name.
pub fn find(name: &str) -> Option<&'static Kind> {
    all().iter().find(|kind| kind.name == name).copied()
}

/// All kinds, in the order in which they are documented.
pub fn all() -> &'static [&'static Kind] {
    &[
        &operations::mixer::KIND,
        &operations::splitter::KIND,
        &operations::tank::KIND,
        &operations::decomposer::KIND,
        &operations::crystalliser::KIND,
        &operations::screen::KIND,
        &operations::thickener::KIND,
        &operations::separator::KIND,
        &operations::washer::DISPLACEMENT,
        &operations::washer::REPULPING,
        &operations::flotation::KIND,
        &operations::dryer::KIND,
        &operations::heater::KIND,
        &operations::hydroxide_precipitator::KIND,
        &operations::calciner::KIND,
        &operations::bischofite_crystalliser::KIND,
        &operations::magnesium_dehydrator::KIND,
        &operations::magnesium_electrolyser::KIND,
        &operations::chlor_alkali::KIND,
        &operations::hcl_synthesis::KIND,
        &operations::hcl_absorber::KIND,
        &operations::adsorber::KIND,
        &operations::ion_exchanger::KIND,
        &operations::membrane::KIND,
        &operations::electrodialysis::KIND,
        &operations::precipitator::KIND,
        &operations::evaporator::KIND,
        &operations::extractor::KIND,
        &operations::boiler::KIND,
        &operations::exchanger::KIND,
        &operations::slurrier::KIND,
        &operations::carbonator::KIND,
        &operations::carbonator::DECARBONATOR,
        &operations::gas_dryer::KIND,
        &operations::ammonia_soda::KIND,
        &operations::carbonate_kiln::KIND,
        &operations::bromine_tower::KIND,
        &operations::bromine_absorber::KIND,
        &operations::bromine_still::KIND,
        &operations::pump::KIND,
        &operations::mill::KIND,
    ]
}
