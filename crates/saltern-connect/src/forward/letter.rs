//! Readings as bytes that wait on disk. Tags stand in them by id, since rows may be others when they are sent.

use saltern_samples::{Quality, Sample};

/// Writes readings: for each the length of its tag's id in two bytes, the id, then instant, value and quality in 17.
pub(super) fn write<'r>(readings: impl IntoIterator<Item = (&'r str, Sample)>) -> Vec<u8> {
    let mut letter = Vec::new();
    for (id, sample) in readings {
        letter.extend_from_slice(&(id.len() as u16).to_le_bytes());
        letter.extend_from_slice(id.as_bytes());
        letter.extend_from_slice(&sample.time_us.to_le_bytes());
        letter.extend_from_slice(&sample.value.to_le_bytes());
        letter.push(sample.quality.byte());
    }
    letter
}

/// Reads what [`write`] wrote, as far as it can be read.
pub(super) fn read(mut letter: &[u8]) -> Vec<(&str, Sample)> {
    let mut readings = Vec::new();
    while let Some(reading) = first(&mut letter) {
        readings.push(reading);
    }
    readings
}

fn first<'l>(letter: &mut &'l [u8]) -> Option<(&'l str, Sample)> {
    let (length, rest) = letter.split_first_chunk::<2>()?;
    let (id, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
    let (time, rest) = rest.split_first_chunk::<8>()?;
    let (value, rest) = rest.split_first_chunk::<8>()?;
    let (quality, rest) = rest.split_first()?;
    *letter = rest;
    let sample = Sample {
        time_us: i64::from_le_bytes(*time),
        value: f64::from_le_bytes(*value),
        quality: Quality::from_byte(*quality),
    };
    Some((std::str::from_utf8(id).ok()?, sample))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(all in prop::collection::vec(("[a-z.]{0,9}", any::<i64>(), any::<f64>(), any::<u8>()), 0..9)) {
            let sample = |(_, time_us, value, quality): &(String, i64, f64, u8)| Sample {
                time_us: *time_us, value: *value, quality: Quality::from_byte(*quality),
            };
            let letter = write(all.iter().map(|one| (one.0.as_str(), sample(one))));
            let again = read(&letter);
            prop_assert_eq!(again.len(), all.len());
            for (one, (id, read)) in all.iter().zip(again) {
                prop_assert!(one.0 == id && read.is_same(&sample(one)));
            }
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
        }
    }
}
