//! How far a value can be trusted, in one byte.

use saltern_units::Lang;

/// Quality of a sample, coded as OPC Data Access codes it (OPC DA 3.00, 6.8): the two upper bits of the byte's lower
/// six say good, uncertain or bad, the rest say why. One byte is what stores, files and protocols agree on; OPC UA status
/// codes and Sparkplug's 0, 192 and 500 map onto it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quality(u8);

/// The three kinds of quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trust {
    /// Not to be used.
    Bad,
    /// Usable with care.
    Uncertain,
    /// Usable.
    Good,
}

impl Quality {
    /// Usable.
    pub const GOOD: Quality = Quality(0xC0);
    /// Usable: entered by a person in place of the measurement.
    pub const GOOD_OVERRIDE: Quality = Quality(0xD8);
    /// Usable with care, without a reason given.
    pub const UNCERTAIN: Quality = Quality(0x40);
    /// The last value before the source went silent.
    pub const LAST_USABLE: Quality = Quality(0x44);
    /// The sensor is known to be inaccurate.
    pub const INACCURATE: Quality = Quality(0x50);
    /// Outside the range of the instrument.
    pub const RANGE_EXCEEDED: Quality = Quality(0x54);
    /// Calculated from inputs that are not all good, or estimated by a model.
    pub const ESTIMATED: Quality = Quality(0x58);
    /// Not to be used, without a reason given.
    pub const BAD: Quality = Quality(0x00);
    /// The source is not set up as it should be.
    pub const CONFIGURATION_ERROR: Quality = Quality(0x04);
    /// The source was never reached.
    pub const NOT_CONNECTED: Quality = Quality(0x08);
    /// The device reports a failure.
    pub const DEVICE_FAILURE: Quality = Quality(0x0C);
    /// The sensor reports a failure.
    pub const SENSOR_FAILURE: Quality = Quality(0x10);
    /// The source fell silent: what a gap is marked with.
    pub const COMM_FAILURE: Quality = Quality(0x18);
    /// Taken out of service by a person.
    pub const OUT_OF_SERVICE: Quality = Quality(0x1C);

    /// From the byte; bits that this coding leaves open are kept.
    pub const fn from_byte(byte: u8) -> Quality {
        Quality(byte)
    }

    /// The byte.
    pub const fn byte(self) -> u8 {
        self.0
    }

    /// Good, uncertain or bad. The fourth pattern of the two bits is unused in the standard and counts as bad.
    pub const fn trust(self) -> Trust {
        match self.0 & 0xC0 {
            0xC0 => Trust::Good,
            0x40 => Trust::Uncertain,
            _ => Trust::Bad,
        }
    }

    /// Whether a value may be used at all.
    pub const fn is_usable(self) -> bool {
        !matches!(self.trust(), Trust::Bad)
    }

    /// The lesser of two: what something made of both is worth.
    pub fn worst(self, other: Quality) -> Quality {
        if (other.trust(), other.0) < (self.trust(), self.0) {
            other
        } else {
            self
        }
    }

    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Quality::GOOD_OVERRIDE => lang.pick("good, entered by hand", "良好(人工置数)"),
            Quality::LAST_USABLE => lang.pick("last usable value", "最后可用值"),
            Quality::INACCURATE => lang.pick("sensor inaccurate", "传感器不准"),
            Quality::RANGE_EXCEEDED => lang.pick("outside the range", "超出量程"),
            Quality::ESTIMATED => lang.pick("estimated", "估算值"),
            Quality::CONFIGURATION_ERROR => lang.pick("wrongly configured", "配置错误"),
            Quality::NOT_CONNECTED => lang.pick("not connected", "未连接"),
            Quality::DEVICE_FAILURE => lang.pick("device failure", "设备故障"),
            Quality::SENSOR_FAILURE => lang.pick("sensor failure", "传感器故障"),
            Quality::COMM_FAILURE => lang.pick("source silent", "通信中断"),
            Quality::OUT_OF_SERVICE => lang.pick("out of service", "停用"),
            _ => match self.trust() {
                Trust::Good => lang.pick("good", "良好"),
                Trust::Uncertain => lang.pick("uncertain", "可疑"),
                Trust::Bad => lang.pick("bad", "坏值"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_two_is_worth_the_lesser() {
        for byte in 0..=255u8 {
            let quality = Quality::from_byte(byte);
            assert_eq!(quality.worst(Quality::GOOD).trust(), quality.trust());
            assert_eq!(quality.worst(Quality::BAD).trust(), Trust::Bad);
            assert_eq!(
                quality.worst(Quality::UNCERTAIN),
                Quality::UNCERTAIN.worst(quality)
            );
        }
    }
}
