//! The energy side of a base: nodes that balance one carrier, what feeds, stores, converts and uses it, the grid, and
//! the halls and jobs of computing. Everything in SI: W, J, s, money per J.
//!
//! `plan` reads it from the same folder as the ponds, which needs no ponds for that.

use crate::model::{Label, Site, WeatherChoice};
use jiff::civil::{Date, DateTime};
use saltern_units::place::Place;

mod compute;
mod expansion;
mod plants;
mod profiles;
mod read;
mod tariffs;
mod units;
mod window;

pub use expansion::{Choice, Expansion, Stage, Terms};
pub use plants::{from_run, run_asked_for};
pub use profiles::{Profile, ProfileValue};
pub use read::read;
pub(crate) use tariffs::months;
pub use tariffs::{Tariff, TariffRow};
pub use window::Window;

/// What is balanced at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Carrier {
    /// Electricity.
    Electricity,
    /// Heat.
    Heat,
    /// Hydrogen by its heating value.
    Hydrogen,
}

/// Who a unit is, and which row says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: Label,
    /// Its row in the folder.
    pub place: Place,
}

/// The energy side of a base.
#[derive(Clone, Debug, PartialEq)]
pub struct Energy {
    /// Id of the base.
    pub base: String,
    /// Name of the base.
    pub name: Label,
    /// What is not measured.
    pub caveats: Vec<Label>,
    /// Where it lies.
    pub site: Site,
    /// What drives it, if given.
    pub weather: Option<WeatherChoice>,
    /// The steps of its period.
    pub window: Window,
    /// Currency of all prices, `CNY`.
    pub currency: String,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Generators.
    pub generators: Vec<Generator>,
    /// Stores.
    pub stores: Vec<Store>,
    /// Converters.
    pub converters: Vec<Converter>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Demands that don't bend.
    pub demands: Vec<Demand>,
    /// Grids.
    pub grids: Vec<Grid>,
    /// Halls of computers.
    pub halls: Vec<Hall>,
    /// Classes of jobs.
    pub classes: Vec<JobClass>,
    /// Jobs of a trace.
    pub jobs: Vec<Job>,
    /// Limits of flexible work in halls, published before.
    pub hall_limits: Vec<HallLimit>,
    /// What the dispatcher orders of units.
    pub orders: Vec<Order>,
    /// Quotas of carbon and energy.
    pub quotas: Vec<Quota>,
    /// What may be built; none where the base has no stages.
    pub expansion: Option<Expansion>,
    /// What a kg of direct carbon dioxide costs in a plan.
    pub carbon_price: f64,
    /// Profiles of `profiles.csv`.
    pub profiles: Vec<Profile>,
    /// Tariffs of `tariffs.csv`.
    pub tariffs: Vec<Tariff>,
}

/// A node that balances one carrier in every step.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Who it is.
    pub who: Identity,
    /// What it balances.
    pub carrier: Carrier,
    /// What a J not served costs; `None` where all must be served.
    pub shortage_price: Option<f64>,
    /// Most that may go unserved, W; infinite for any.
    pub shortage_max_w: f64,
    /// Power that must be spare at any time, W.
    pub reserve_w: f64,
}

/// How a unit may start, stop and change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Commitment {
    /// Least power while it runs, as a share of the capacity.
    pub load_min: f64,
    /// Most change per second as a share of the capacity; infinite for any.
    pub ramp_per_s: f64,
    /// Cost of a start.
    pub start_cost: f64,
    /// Least time on once started, s.
    pub up_min_s: f64,
    /// Least time off once stopped, s.
    pub down_min_s: f64,
}

impl Commitment {
    /// Whether it matters if the unit is on or off.
    pub fn is_on_off(&self) -> bool {
        self.load_min > 0.0 || self.start_cost > 0.0 || self.up_min_s > 0.0 || self.down_min_s > 0.0
    }
}

/// What a generator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratorKind {
    /// Photovoltaics.
    Pv,
    /// Wind.
    Wind,
    /// Mirrors that collect heat.
    SolarField,
    /// Water.
    Hydro,
    /// Anything that burns.
    Fuel,
}

impl GeneratorKind {
    /// Whether its power hangs on sun or wind.
    pub fn is_of_weather(self) -> bool {
        matches!(
            self,
            GeneratorKind::Pv | GeneratorKind::Wind | GeneratorKind::SolarField
        )
    }
}

/// How a generator stands in sun and wind, for a profile made from weather.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mounting {
    /// Angle of modules to the level, deg; `None` for the latitude.
    pub tilt_deg: Option<f64>,
    /// Direction that modules face, deg clockwise from north; `None` for the equator.
    pub azimuth_deg: Option<f64>,
    /// Whether modules turn about a level axis from north to south.
    pub tracking: bool,
    /// Hub height of wind turbines, m.
    pub hub_height_m: f64,
}

/// Something that feeds a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// Who it is.
    pub who: Identity,
    /// What it is.
    pub kind: GeneratorKind,
    /// Node it feeds.
    pub node: usize,
    /// Nominal power, W.
    pub capacity_w: f64,
    /// Available power by step; `None` where it comes from the weather or is always the capacity.
    pub profile: Option<usize>,
    /// How it stands in sun and wind.
    pub mounting: Mounting,
    /// Cost per J.
    pub cost: f64,
    /// Direct carbon dioxide, kg/J.
    pub carbon_kg_j: f64,
    /// How it starts, stops and changes.
    pub commitment: Commitment,
}

/// Something that holds energy of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// Who it is.
    pub who: Identity,
    /// Node it takes from and gives to.
    pub node: usize,
    /// Most energy, J.
    pub capacity_j: f64,
    /// Most power in, W; infinite for any.
    pub charge_w: f64,
    /// Most power out, W; infinite for any.
    pub discharge_w: f64,
    /// Share of what is taken that is stored.
    pub efficiency_in: f64,
    /// Share of what leaves that reaches the node.
    pub efficiency_out: f64,
    /// Share of the energy held that is lost in an hour.
    pub loss_per_h: f64,
    /// Cost per J given.
    pub cost: f64,
    /// Level at the start as a share of the capacity; `None` for a cyclic store.
    pub start: Option<f64>,
    /// Least level at the end as a share of the capacity, where the start is given.
    pub end_min: f64,
}

impl Store {
    /// Whether it has neither limits nor losses on the way in and out, so that its level may stand in the node's balance.
    pub fn is_of_its_node(&self) -> bool {
        self.charge_w.is_infinite()
            && self.discharge_w.is_infinite()
            && self.efficiency_in == 1.0
            && self.efficiency_out == 1.0
            && self.cost == 0.0
    }
}

/// What a converter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConverterKind {
    /// Heat to electricity.
    Turbine,
    /// Electricity to hydrogen.
    Electrolyser,
    /// Hydrogen to electricity.
    FuelCell,
    /// Anything to heat.
    Boiler,
    /// Electricity and surroundings to heat.
    HeatPump,
    /// Anything else.
    Other,
}

/// Something that takes energy from one node and gives it to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Converter {
    /// Who it is.
    pub who: Identity,
    /// What it is.
    pub kind: ConverterKind,
    /// Node it takes from.
    pub from: usize,
    /// Node it gives to.
    pub to: usize,
    /// Most power in, W; infinite for any.
    pub capacity_w: f64,
    /// Energy given per energy taken; above 1 for heat pumps alone.
    pub yield_: f64,
    /// Second outlet and its yield.
    pub also: Option<(usize, f64)>,
    /// Cost per J taken.
    pub cost: f64,
    /// How it starts, stops and changes.
    pub commitment: Commitment,
}

/// A way between two nodes of a carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who it is.
    pub who: Identity,
    /// One end.
    pub from: usize,
    /// The other.
    pub to: usize,
    /// Most power either way, W.
    pub capacity_w: f64,
    /// Share lost on the way.
    pub loss: f64,
    /// Cost per J sent.
    pub cost: f64,
}

/// A demand that doesn't bend.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Who it is.
    pub who: Identity,
    /// Node that serves it.
    pub node: usize,
    /// Constant power, or what a profile in shares is multiplied by, W.
    pub power_w: Option<f64>,
    /// Power by step, or share of the power.
    pub profile: Option<usize>,
    /// Plant of a run that tells the power in place of the profile; see [`from_run`].
    pub plant: Option<String>,
}

/// How bought energy is priced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Price {
    /// One price, per J.
    Constant(f64),
    /// A tariff by time of day.
    Tariff(usize),
    /// A profile.
    Profile(usize),
}

/// A grid beyond the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Who it is.
    pub who: Identity,
    /// Node it is joined to.
    pub node: usize,
    /// Most power bought, W.
    pub import_w: f64,
    /// Most power sold, W.
    pub export_w: f64,
    /// Price of what is bought.
    pub import_price: Price,
    /// Earned per J sold.
    pub export_price: f64,
    /// Cost per J bought above the schedule of the day before, on top of its price.
    pub extra_price: f64,
    /// Cost per J that was scheduled the day before and isn't bought.
    pub less_price: f64,
    /// Direct factor of what is bought, kg/J; `None` where a profile tells it, or its carbon isn't counted.
    pub carbon_kg_j: Option<f64>,
    /// Direct factor of what is bought by step.
    pub carbon_profile: Option<usize>,
    /// Share of what is bought that is carbon-free, where no profile tells it.
    pub carbon_free: f64,
    /// Share of what is bought that is carbon-free by step.
    pub carbon_free_profile: Option<usize>,
}

impl Grid {
    /// Whether the carbon of what is bought is counted.
    pub fn has_factor(&self) -> bool {
        self.carbon_kg_j.is_some() || self.carbon_profile.is_some()
    }
}

/// A hall of computers.
#[derive(Clone, Debug, PartialEq)]
pub struct Hall {
    /// Who it is.
    pub who: Identity,
    /// Node it takes power from.
    pub node: usize,
    /// Most power of its computers, W.
    pub power_w: f64,
    /// Power of the hall per power of its computers.
    pub pue: Pue,
    /// Cost per J computed, besides power.
    pub cost: f64,
}

/// Most power of a hall's computers for work that may wait, over some time.
#[derive(Clone, Debug, PartialEq)]
pub struct HallLimit {
    /// Hall.
    pub hall: usize,
    /// First moment.
    pub from: DateTime,
    /// Moment at which it ends.
    pub to: DateTime,
    /// Most power, W.
    pub flexible_w: f64,
    /// Its row.
    pub place: Place,
}

/// Power of a hall per power of its computers.
#[derive(Clone, Debug, PartialEq)]
pub enum Pue {
    /// The same always.
    Constant(f64),
    /// By outdoor temperature: K and PUE, temperatures rising, linear between and constant beyond.
    ByTemperature(Vec<(f64, f64)>),
}

impl Pue {
    /// PUE at an outdoor temperature, K.
    pub fn at(&self, temperature_k: f64) -> f64 {
        match self {
            Pue::Constant(pue) => *pue,
            Pue::ByTemperature(points) => {
                let after = points.partition_point(|(t, _)| *t <= temperature_k);
                match (after.checked_sub(1).map(|i| points[i]), points.get(after)) {
                    (None, Some(&(_, pue))) | (Some((_, pue)), None) => pue,
                    (Some((t0, p0)), Some((t1, p1))) => {
                        p0 + (p1 - p0) * (temperature_k - t0) / (t1 - t0)
                    }
                    (None, None) => f64::NAN,
                }
            }
        }
    }
}

/// How jobs of a class may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// When they arrive.
    Interactive,
    /// By a deadline.
    Deferrable,
    /// By a deadline, at a price for each stop.
    Interruptible,
}

/// A class of jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct JobClass {
    /// Who it is.
    pub who: Identity,
    /// How they may be served.
    pub kind: JobKind,
    /// Halls that may serve it.
    pub halls: Vec<usize>,
    /// Time after arrival by which work is done, s; 0 for interactive.
    pub deadline_s: f64,
    /// Constant arrival, or what a profile in shares is multiplied by, W.
    pub power_w: Option<f64>,
    /// Arrival by step.
    pub profile: Option<usize>,
    /// Price of stopping a W.
    pub stop_price: f64,
    /// Price of a J not done; `None` where all must be done.
    pub drop_price: Option<f64>,
}

/// A job of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Name.
    pub id: String,
    /// Class.
    pub class: usize,
    /// Step in which it arrives.
    pub step: usize,
    /// Computing energy, J.
    pub energy_j: f64,
    /// Time after arrival by which it is done, s.
    pub deadline_s: f64,
    /// Its row.
    pub place: Place,
}

/// Which unit an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitRef {
    /// A generator.
    Generator(usize),
    /// A store: power given.
    Store(usize),
    /// A store: power taken.
    Charge(usize),
    /// A converter: power taken.
    Converter(usize),
    /// A line, either way.
    Line(usize),
    /// A grid: power bought.
    Grid(usize),
    /// A hall: power of its computers.
    Hall(usize),
}

/// What the dispatcher orders of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Unit.
    pub unit: UnitRef,
    /// Its id.
    pub id: String,
    /// First moment.
    pub from: DateTime,
    /// Moment at which it ends.
    pub to: DateTime,
    /// Least power, W.
    pub low_w: Option<f64>,
    /// Most power, W.
    pub high_w: Option<f64>,
    /// Why.
    pub reason: String,
    /// Its row.
    pub place: Place,
}

/// What a quota limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum QuotaLimit {
    /// Carbon dioxide, kg.
    Carbon(f64),
    /// Energy bought, J.
    Energy(f64),
}

/// A quota over some days.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    /// Who it is.
    pub who: Identity,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What it limits.
    pub limit: QuotaLimit,
}
