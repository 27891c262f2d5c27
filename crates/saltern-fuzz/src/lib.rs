//! Damaged inputs for readers, in tests: whatever comes in, a reader answers or refuses; it never panics and never takes
//! long. Sound examples are cut, joined, and sprinkled with bytes, tokens and odd numbers. The stream of inputs is fixed by
//! the reader's name, so that a find can be found again.
//!
//! Readers are private, so they are tried by tests of their own modules; what is shared is here.

mod damage;
mod processor;

use std::any::Any;
use std::fmt;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use damage::{Damage, Random};
use processor::on_processor;

/// An input that keeps a reader busy longer than this is a find too.
const SLOW: Duration = Duration::from_secs(5);
/// The variable that says how long every reader is tried, in seconds of processor time.
const SECONDS: &str = "SALTERN_FUZZ_SECONDS";

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub enum Effort {
    /// So many inputs.
    Inputs(u64),
    /// For so many seconds of processor time.
    Seconds(f64),
}

/// A reader and the sound inputs that it is known to take.
pub struct Trial<'a> {
    /// What it is called; seeds the stream of inputs.
    pub reader: &'a str,
    /// Sound inputs.
    pub examples: &'a [Vec<u8>],
    /// What inputs are sprinkled with beside pieces of the examples.
    pub tokens: &'a [&'a [u8]],
    /// How much is tried.
    pub effort: Effort,
}

/// What was tried without a find.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// Inputs.
    pub inputs: u64,
    /// Processor time, s.
    pub seconds: f64,
}

/// An input that a reader does not withstand.
#[derive(Debug)]
pub struct Find {
    reader: String,
    what: String,
    input: u64,
    example: usize,
    kept: Option<PathBuf>,
}

impl fmt::Display for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Find {
            reader,
            what,
            input,
            example,
            kept,
        } = self;
        match kept {
            Some(path) => write!(f, "{}", path.display())?,
            None => f.write_str("not kept")?,
        }
        write!(f, ": {reader}, input {input}, of example {example}: {what}")
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tried { inputs, seconds } = self;
        write!(
            f,
            "{inputs} inputs in {seconds:.0} s of processor time, no panic"
        )
    }
}

impl Trial<'_> {
    /// Feeds inputs to a reader, which is told the place of the example that an input was made of.
    ///
    /// # Errors
    /// The first input that it does not withstand.
    pub fn run(&self, mut read: impl FnMut(usize, &[u8])) -> Result<Tried, Find> {
        let damage = Damage::new(self.examples, self.tokens);
        let mut random = Random(self.reader.bytes().map(u64::from).sum());
        let (start, mut inputs) = (on_processor(), 0_u64);
        let spent = || on_processor().saturating_sub(start).as_secs_f64();
        let goes_on = |inputs: u64| match self.effort {
            Effort::Inputs(most) => inputs < most,
            // The question costs as much as a small input, so it is asked now and then only.
            Effort::Seconds(most) => !inputs.is_multiple_of(64) || spent() < most,
        };
        while goes_on(inputs) {
            let example = random.below(self.examples.len());
            let bytes = damage.of(example, &mut random);
            inputs += 1;
            if let Some(what) = fault(&mut || read(example, &bytes)) {
                let name = format!("fuzz-{}-{inputs}", self.reader);
                let path = std::env::temp_dir().join(name);
                return Err(Find {
                    reader: self.reader.into(),
                    what,
                    input: inputs,
                    example,
                    kept: std::fs::write(&path, &bytes).is_ok().then_some(path),
                });
            }
        }
        Ok(Tried {
            inputs,
            seconds: spent(),
        })
    }
}

/// What is wrong with a reading, if anything is.
fn fault(read: &mut dyn FnMut()) -> Option<String> {
    let mut again = || catch_unwind(AssertUnwindSafe(&mut *read));
    let begun = Instant::now();
    if let Err(panic) = again() {
        return Some(format!("panicked: {}", words(&*panic)));
    }
    if begun.elapsed() <= SLOW {
        return None;
    }
    // On a crowded machine the clock runs on while others work.
    let before = on_processor();
    drop(again());
    let spent = on_processor().saturating_sub(before);
    (spent > SLOW).then(|| format!("took {:.0} s", spent.as_secs_f64()))
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref().copied())
        .unwrap_or_default()
}

/// Tries a reader within a test: a few inputs as a rule, or for as long as `SALTERN_FUZZ_SECONDS` says.
///
/// # Panics
/// With the input that the reader does not withstand.
pub fn withstands(
    reader: &str,
    few: u64,
    examples: &[Vec<u8>],
    tokens: &[&[u8]],
    read: impl FnMut(usize, &[u8]),
) {
    let set = std::env::var(SECONDS).ok();
    let effort = match set.as_ref().and_then(|seconds| seconds.parse().ok()) {
        Some(seconds) => Effort::Seconds(seconds),
        None => Effort::Inputs(few),
    };
    let trial = Trial {
        reader,
        examples,
        tokens,
        effort,
    };
    match trial.run(read) {
        // Past the tests' own capture, which would keep it.
        Ok(tried) if set.is_some() => {
            let _ = writeln!(std::io::stdout(), "{reader}: {tried}");
        }
        Ok(_) => {}
        Err(find) => panic!("{find}"),
    }
}

#[cfg(test)]
mod tests;
