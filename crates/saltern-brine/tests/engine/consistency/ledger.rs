//! What was found: the worst of each identity on each database, and the failures.

use super::grid::Case;
use std::collections::BTreeMap;

/// A failure that is known, and why it is left.
pub(super) struct Known {
    pub(super) database: &'static str,
    pub(super) identity: &'static str,
    /// `None`: every brine.
    pub(super) brine: Option<&'static str>,
    /// Temperatures, °C.
    pub(super) celsius: (f64, f64),
    pub(super) reason: &'static str,
}

impl Known {
    fn is(&self, failure: &Failure) -> bool {
        self.database == failure.database
            && self.identity == failure.identity
            && self.brine.is_none_or(|brine| brine == failure.brine)
            && (self.celsius.0..=self.celsius.1).contains(&failure.celsius)
    }
}

struct Failure {
    database: String,
    identity: &'static str,
    brine: &'static str,
    celsius: f64,
    text: String,
}

/// Deviations by database and identity.
#[derive(Default)]
pub(super) struct Ledger {
    worst: BTreeMap<(String, &'static str), (usize, f64, String)>,
    failures: Vec<Failure>,
}

impl Ledger {
    /// Notes how far an identity is from holding, with what is tolerated.
    pub(super) fn note(
        &mut self,
        case: &Case<'_>,
        identity: &'static str,
        deviation: f64,
        tolerated: f64,
        where_in_it: &str,
    ) {
        let key = (case.database.to_string(), identity);
        let entry = self.worst.entry(key).or_insert((0, 0.0, String::new()));
        entry.0 += 1;
        // A deviation that is no number is the worst there is.
        let share = if deviation.is_nan() {
            f64::INFINITY
        } else {
            deviation / tolerated
        };
        if share <= entry.1 {
            return;
        }
        let text = format!(
            "{case}{}{where_in_it}: {deviation:.1e}",
            if where_in_it.is_empty() { "" } else { ", " }
        );
        if share > 1.0 {
            self.failures.push(Failure {
                database: case.database.to_string(),
                identity,
                brine: case.brine,
                celsius: case.celsius,
                text: format!("{identity}, {text} (tolerated {tolerated:.0e})"),
            });
        } else {
            *entry = (entry.0, share, text);
        }
    }

    /// Prints what was found; panics on what is not known to fail, and on what is known to and does not.
    pub(super) fn close(self, name: &str, known: &[Known]) {
        println!("{name}: how often asked, the worst as a share of what is tolerated, and where");
        for ((database, identity), (count, share, text)) in &self.worst {
            println!(
                "  {database:<13} {identity:<44} {count:>6} {:>6.2} %  {text}",
                100.0 * share
            );
        }
        let (old, new): (Vec<&Failure>, Vec<&Failure>) = self
            .failures
            .iter()
            .partition(|f| known.iter().any(|k| k.is(f)));
        for failure in &old {
            let reason = known
                .iter()
                .find(|k| k.is(failure))
                .map_or("", |k| k.reason);
            println!("  known: {} ({reason})", failure.text);
        }
        let asked = |k: &&Known| {
            self.worst
                .keys()
                .any(|(d, i)| d == k.database && *i == k.identity)
        };
        for entry in known.iter().filter(asked) {
            assert!(
                self.failures.iter().any(|f| entry.is(f)),
                "known to fail, and does not: {} {} ({})",
                entry.database,
                entry.identity,
                entry.reason
            );
        }
        let texts: Vec<&str> = new.iter().map(|f| f.text.as_str()).collect();
        assert!(
            texts.is_empty(),
            "{} failures:\n{}",
            texts.len(),
            texts[..texts.len().min(30)].join("\n")
        );
    }
}
