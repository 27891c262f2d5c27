//! The finder finds.

use std::collections::HashSet;

use super::*;

fn trial<'a>(reader: &'a str, examples: &'a [Vec<u8>]) -> Trial<'a> {
    Trial {
        reader,
        examples,
        tokens: &[b"needle"],
        effort: Effort::Inputs(20_000),
    }
}

/// A reader that trusts a length in its input is found out, again with the same input, and that is kept.
#[test]
fn a_reader_that_trusts_a_length_is_found_out() {
    let examples = [vec![3, b'a', b'b', b'c'], vec![0]];
    let trusting = |_: usize, bytes: &[u8]| {
        if let Some((length, rest)) = bytes.split_first() {
            let _ = &rest[..usize::from(*length)];
        }
    };
    let find = |name| match trial(name, &examples).run(trusting) {
        Err(find) => find,
        Ok(tried) => panic!("{tried:?}"),
    };
    let (first, again) = (find("trusting"), find("trusting"));
    assert!(first.what.starts_with("panicked: range end"), "{first}");
    assert_eq!(first.input, again.input);
    let kept = std::fs::read(first.kept.expect("a file")).expect("the input");
    let panicked = catch_unwind(|| trusting(0, &kept));
    assert!(panicked.is_err(), "{kept:?}");
}

#[test]
fn inputs_are_various_and_hold_what_they_are_sprinkled_with() {
    for examples in [
        vec![b"time,tag\n2026-01-01,a\n".to_vec()],
        vec![vec![0x80, 1, 2, 3, 4]],
    ] {
        let (mut seen, mut needles) = (HashSet::new(), 0);
        let tried = trial("counting", &examples).run(|_, bytes| {
            needles += usize::from(bytes.windows(6).any(|six| six == b"needle"));
            seen.insert(bytes.to_vec());
        });
        let tried = tried.expect("no find");
        assert_eq!(tried.inputs, 20_000);
        assert!(seen.len() > 10_000, "{}", seen.len());
        assert!(needles > 200, "{needles}");
    }
}
