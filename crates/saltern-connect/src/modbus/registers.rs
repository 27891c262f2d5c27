//! Numbers in registers and back. Bytes of a register come upper first (Modbus Application Protocol 1.1b3, section 4.2);
//! the order of registers is the device's own.

use saltern_base::tags::WordOrder;
use saltern_base::tags::address::RegisterType;

/// The number that registers make; `None` where they are too few.
pub(super) fn number(words: &[u16], kind: RegisterType, order: WordOrder) -> Option<f64> {
    if words.len() != usize::from(kind.width()) {
        return None;
    }
    let joined = |words: &mut dyn Iterator<Item = &u16>| {
        words.fold(0u64, |bits, word| (bits << 16) | u64::from(*word))
    };
    let bits = match order {
        WordOrder::UpperFirst => joined(&mut words.iter()),
        WordOrder::LowerFirst => joined(&mut words.iter().rev()),
    };
    Some(match kind {
        RegisterType::Bit | RegisterType::U16 | RegisterType::U32 | RegisterType::U64 => {
            bits as f64
        }
        RegisterType::I16 => f64::from(bits as u16 as i16),
        RegisterType::I32 => f64::from(bits as u32 as i32),
        RegisterType::I64 => bits as i64 as f64,
        RegisterType::F32 => f64::from(f32::from_bits(bits as u32)),
        RegisterType::F64 => f64::from_bits(bits),
    })
}

/// The registers of a number, rounded to whole numbers where they hold no others; `None` where it does not fit.
pub(super) fn words(number: f64, kind: RegisterType, order: WordOrder) -> Option<Vec<u16>> {
    let whole = number.round();
    // The upper end is left out where a float can't tell it from the next number, which does not fit.
    let within = |low: f64, high: f64| (whole >= low && whole < high).then_some(whole);
    let bits = match kind {
        RegisterType::Bit => within(0.0, 2.0)? as u64,
        RegisterType::U16 => within(0.0, 65536.0)? as u64,
        RegisterType::I16 => within(-32768.0, 32768.0)? as i16 as u16 as u64,
        RegisterType::U32 => within(0.0, 2f64.powi(32))? as u64,
        RegisterType::I32 => u64::from(within(-2f64.powi(31), 2f64.powi(31))? as i32 as u32),
        RegisterType::U64 => within(0.0, 2f64.powi(64))? as u64,
        RegisterType::I64 => within(-2f64.powi(63), 2f64.powi(63))? as i64 as u64,
        RegisterType::F32 => {
            let single = number as f32;
            u64::from(single.is_finite().then_some(single)?.to_bits())
        }
        RegisterType::F64 => number.is_finite().then_some(number)?.to_bits(),
    };
    let upper_first = (0..kind.width())
        .rev()
        .map(|place| (bits >> (16 * place)) as u16);
    Some(match order {
        WordOrder::UpperFirst => upper_first.collect(),
        WordOrder::LowerFirst => upper_first.rev().collect(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [RegisterType; 9] = [
        RegisterType::Bit,
        RegisterType::U16,
        RegisterType::I16,
        RegisterType::U32,
        RegisterType::I32,
        RegisterType::U64,
        RegisterType::I64,
        RegisterType::F32,
        RegisterType::F64,
    ];

    /// IEEE 754: 1.0 is 0x3F800000 and 0x3FF0000000000000.
    #[test]
    fn known_numbers_have_their_registers() {
        let upper = WordOrder::UpperFirst;
        assert_eq!(words(1.0, RegisterType::F32, upper), Some(vec![0x3F80, 0]));
        assert_eq!(
            words(1.0, RegisterType::F64, WordOrder::LowerFirst),
            Some(vec![0, 0, 0, 0x3FF0])
        );
        assert_eq!(
            words(-2.0, RegisterType::I32, upper),
            Some(vec![0xFFFF, 0xFFFE])
        );
        assert_eq!(number(&[0xFFFE], RegisterType::I16, upper), Some(-2.0));
        assert_eq!(number(&[0x3F80], RegisterType::F32, upper), None);
        for (wrong, kind) in [
            (65536.0, RegisterType::U16),
            (-1.0, RegisterType::U32),
            (1e300, RegisterType::F32),
            (f64::NAN, RegisterType::I16),
        ] {
            assert_eq!(words(wrong, kind, upper), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(written in any::<f64>(), small in -1000i16..1000, kind in 0usize..9, lower in any::<bool>()) {
            let order = if lower { WordOrder::LowerFirst } else { WordOrder::UpperFirst };
            let kind = KINDS[kind];
            for candidate in [written, f64::from(small)] {
                let Some(words) = words(candidate, kind, order) else { continue };
                let read = number(&words, kind, order).expect("as many as written");
                match kind {
                    RegisterType::F64 => prop_assert_eq!(read.to_bits(), candidate.to_bits()),
                    RegisterType::F32 => prop_assert_eq!(read, f64::from(candidate as f32)),
                    _ => prop_assert_eq!(read, candidate.round()),
                }
            }
        }
    }
}
