//! Frames as files: a folder of CSV tables, a workbook.

use std::path::Path;

use saltern_base::frame::Frame;
use saltern_run::export;

use crate::failure::Failure;
use crate::output::Output;
use crate::simulate::run_failure;

/// One CSV file a frame, each whole or not at all.
pub(crate) fn write_csv(folder: &Path, frames: &[Frame]) -> Result<(), Failure> {
    for frame in frames {
        let bytes = export::csv_bytes(frame).map_err(run_failure)?;
        write(&folder.join(format!("{}.csv", frame.name)), &bytes)?;
    }
    Ok(())
}

/// One file, whole or not at all; its folder is made if need be.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut output = Output::open(Some(path))?;
    output.write(bytes)?;
    output.finish()
}

/// One workbook with a sheet a frame.
pub(crate) fn write_xlsx(path: &Path, frames: &[Frame]) -> Result<(), Failure> {
    write(path, &export::xlsx_bytes(frames).map_err(run_failure)?)
}
