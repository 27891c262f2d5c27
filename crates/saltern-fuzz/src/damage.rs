//! Sound inputs made unsound.

/// Texts that files of their own seldom hold.
const ODD_TEXTS: [&str; 18] = [
    "",
    "NaN",
    "inf",
    "-1e308",
    "1e-320",
    "1e400",
    "-0",
    "99999999999999999999",
    "é",
    "\u{feff}",
    "\"",
    "\"\"",
    ",",
    "\r",
    "((((((((",
    "[",
    "]",
    ":",
];
/// Bytes that are the ends of something: of a byte, of a length, of a number in either order of its bytes.
const ODD_BYTES: [&[u8]; 12] = [
    &[0],
    &[0x7F],
    &[0x80],
    &[0xFF],
    &[0xFF, 0xFF],
    &[0x7F, 0xFF],
    &[0xFF, 0xFF, 0xFF, 0x7F],
    &[0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    &[0xFF; 8],
    &[0x80, 0, 0, 0, 0, 0, 0, 0],
    // The greatest number of 64 bits, seven at a time.
    &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    &[0, 0, 0, 0, 0, 0, 0, 0],
];

/// What inputs are made of.
pub(crate) struct Damage<'a> {
    examples: &'a [Vec<u8>],
    tokens: Vec<&'a [u8]>,
    odd: Vec<&'a [u8]>,
    is_text: bool,
}

impl<'a> Damage<'a> {
    pub(crate) fn new(examples: &'a [Vec<u8>], tokens: &[&'a [u8]]) -> Damage<'a> {
        let is_text = examples.iter().all(|e| std::str::from_utf8(e).is_ok());
        let odd: Vec<&[u8]> = match is_text {
            true => ODD_TEXTS.iter().map(|text| text.as_bytes()).collect(),
            false => ODD_BYTES.to_vec(),
        };
        let mut all = [tokens, &odd].concat();
        if is_text {
            let parts = |example: &'a Vec<u8>| example.split(|byte| b", \t\n[]=".contains(byte));
            all.extend(examples.iter().flat_map(parts));
        }
        Damage {
            examples,
            tokens: all,
            odd,
            is_text,
        }
    }

    /// One of the examples with a few damages.
    pub(crate) fn of(&self, which: usize, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.examples[which].clone();
        if self.is_text && random.below(4) > 0 {
            bytes = piece(&bytes, random);
        }
        for _ in 0..1 + random.below(6) {
            self.strike(&mut bytes, random);
        }
        bytes
    }

    fn strike(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        let with: Vec<u8> = match random.below(8) {
            0 => vec![random.below(256) as u8],
            1 | 2 => self.tokens[random.below(self.tokens.len())].to_vec(),
            3 => self.odd[random.below(self.odd.len())].to_vec(),
            4 => Vec::new(),
            5 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
                return;
            }
            6 if !self.is_text => {
                bytes.truncate(at);
                return;
            }
            _ => {
                let other = &self.examples[random.below(self.examples.len())];
                let from = random.below(other.len());
                other[from..(from + random.below(80)).min(other.len())].to_vec()
            }
        };
        // Set in, put in the place of a few bytes, or in the place of as many.
        let over = match random.below(3) {
            0 => at,
            1 => end,
            _ => (at + with.len()).min(bytes.len()),
        };
        bytes.splice(at..over, with);
    }
}

/// The first line of a text and a few others, so that damage is dense and reading quick.
fn piece(text: &[u8], random: &mut Random) -> Vec<u8> {
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let from = random.below(lines.len());
    let to = lines.len().min(from + random.below(30));
    [&lines[..1], &lines[from..to]].concat().join(&b'\n')
}

/// SplitMix64 (Steele et al. 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// One of the numbers below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}
