//! Demands of plants, from a simulated run.

use std::path::Path;

use saltern_base::energy::{self, Energy};
use saltern_base::model::Label;

use crate::failure::Failure;
use crate::simulate::folder::{Folder, failures};
use crate::simulate::run_failure;

/// Gives each demand that names a plant what the run says the plant takes, for so many steps; without a run its profile holds.
pub(super) fn read(
    folder: &Folder,
    energy: &mut Energy,
    run: Option<&Path>,
    steps: usize,
) -> Result<(), Failure> {
    if energy.demands.iter().all(|demand| demand.plant.is_none()) {
        return Ok(());
    }
    let Some(path) = run else {
        let asked = energy::run_asked_for(energy);
        return match asked.is_empty() {
            true => Ok(()),
            false => Err(failures(asked)),
        };
    };
    let run = saltern_run::folder::read(path).map_err(run_failure)?;
    // What the plan hangs on is told with it.
    folder.outside(&path.join("run.json"))?;
    energy::from_run(energy, &run.book, steps).map_err(failures)?;
    let path = path.display();
    energy.caveats.push(Label {
        en: format!(
            "What the plants take is simulated, not measured: run {path}, each day's energy spread evenly over the day."
        ),
        zh: format!("工厂用能来自模拟而非实测：运行 {path}，每日能量在当日均匀分摊。"),
    });
    energy.caveats.extend(
        run.meta
            .caveats
            .iter()
            .filter(|caveat| !energy.caveats.contains(caveat))
            .cloned()
            .collect::<Vec<_>>(),
    );
    Ok(())
}
