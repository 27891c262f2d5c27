//! What a server can ask of a dispatch while somebody waits. How one is planned is handed in, so that the server knows no planner.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use saltern_base::frame::Frame;
use saltern_base::model::Label;
use saltern_run::plan::PlanAnswer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ServerError;
use crate::problem::Problem;

/// Most days that are planned at once.
pub(crate) const DAYS_MOST: u32 = 14;
/// Dispatches that may wait for their turn.
const WAITING: usize = 8;
/// After how long to ask again where as many wait as may, s.
const WAIT_S: u64 = 2;

/// Some days of a dispatch, with what is otherwise than in the base.
#[derive(Clone, Debug, PartialEq)]
pub struct DispatchWish {
    /// First day; `None` for today, or where the base's period does not hold it, for the same day of its year.
    pub from: Option<Date>,
    /// Today by the plant's clock.
    pub today: Date,
    /// Days, at most 14.
    pub days: u32,
    /// What capacities are multiplied by: of generators, stores and halls, and of what grids give; by id.
    pub scales: BTreeMap<String, f64>,
    /// Time that work of a class may wait, h, by id.
    pub deadlines_h: BTreeMap<String, f64>,
    /// What a tonne of direct carbon dioxide costs.
    pub carbon_price: Option<f64>,
}

/// Some days of a dispatch.
#[derive(Clone, Debug)]
pub struct Dispatched {
    /// First and last day of the base's period.
    pub period: (Date, Date),
    /// The plan of the days.
    pub plan: PlanAnswer,
    /// What every unit does in every step.
    pub dispatch: Frame,
    /// Where the energy of each consumer comes from in every step.
    pub tracing: Frame,
    /// What is not measured.
    pub caveats: Vec<Label>,
    /// What may be otherwise, as it is in the base.
    pub levers: Vec<Lever>,
}

/// Something that may be otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Id of the unit or class; `carbon_price` for that.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// What it is: `pv`, `wind`, `solar_field`, `hydro`, `fuel`, `store`, `import`, `hall`, `deadline`, `carbon_price`.
    pub kind: &'static str,
    /// Its value in the base.
    pub value: f64,
    /// Unit of the value.
    pub unit: String,
}

/// Plans some days.
pub type Dispatch = Box<dyn Fn(&DispatchWish) -> Result<Dispatched, Vec<Problem>> + Send + Sync>;

/// Dispatches are planned one at a time, and few wait, so that nobody can keep a server busy.
pub(crate) struct Turns {
    at_work: Arc<Semaphore>,
    in_line: Arc<Semaphore>,
}

/// A turn, until it is dropped.
pub(crate) struct Turn {
    _at_work: OwnedSemaphorePermit,
    _in_line: OwnedSemaphorePermit,
}

impl Default for Turns {
    fn default() -> Self {
        Turns {
            at_work: Arc::new(Semaphore::new(1)),
            in_line: Arc::new(Semaphore::new(WAITING)),
        }
    }
}

impl Turns {
    /// Waits for a turn.
    ///
    /// # Errors
    /// As many wait as may.
    pub(crate) async fn wait(&self) -> Result<Turn, Problem> {
        let full = || Problem::limited(ServerError::TooMany { wait_s: WAIT_S });
        let in_line = Arc::clone(&self.in_line);
        let in_line = in_line.try_acquire_owned().map_err(|_| full())?;
        let at_work = Arc::clone(&self.at_work).acquire_owned().await;
        Ok(Turn {
            _at_work: at_work.map_err(|_| full())?,
            _in_line: in_line,
        })
    }
}
