//! What happens on a server, a JSON object a line, for programs that collect such lines.

use std::fs::OpenOptions;
use std::io::{Write, stderr};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt;

use crate::failure::{CliError, Failure};

/// Begins to write what our own crates tell; what libraries tell is left out.
pub(super) fn begin(path: &Path) -> Result<(), Failure> {
    let writer: Box<dyn Write + Send> = match path == Path::new("-") {
        true => Box::new(stderr()),
        false => {
            let file = OpenOptions::new().create(true).append(true).open(path);
            Box::new(file.map_err(|error| CliError::writing(path, &error))?)
        }
    };
    let lines = layer()
        .json()
        .flatten_event(true)
        .with_writer(Mutex::new(writer));
    let own = Targets::new().with_target("saltern", LevelFilter::INFO);
    // A process serves once.
    let _ = registry().with(lines).with(own).try_init();
    Ok(())
}
