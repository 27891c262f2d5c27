//! Status codes of OPC UA and our byte of quality.
//!
//! The pairs are those of OPC 10000-8, annex A (OPC Data Access qualities as status codes), which our byte follows.

use opcua_types::StatusCode;
use saltern_samples::{Quality, Trust};

/// Pairs that say the same; the first of a quality is the code that it is told as.
const PAIRS: [(Quality, StatusCode); 18] = [
    (Quality::GOOD, StatusCode::Good),
    (Quality::GOOD_OVERRIDE, StatusCode::GoodLocalOverride),
    (Quality::UNCERTAIN, StatusCode::Uncertain),
    (Quality::LAST_USABLE, StatusCode::UncertainLastUsableValue),
    (
        Quality::LAST_USABLE,
        StatusCode::UncertainNoCommunicationLastUsableValue,
    ),
    (Quality::INACCURATE, StatusCode::UncertainSensorNotAccurate),
    (
        Quality::RANGE_EXCEEDED,
        StatusCode::UncertainEngineeringUnitsExceeded,
    ),
    (Quality::ESTIMATED, StatusCode::UncertainSubNormal),
    (Quality::BAD, StatusCode::Bad),
    (
        Quality::CONFIGURATION_ERROR,
        StatusCode::BadConfigurationError,
    ),
    (Quality::CONFIGURATION_ERROR, StatusCode::BadNodeIdUnknown),
    (Quality::CONFIGURATION_ERROR, StatusCode::BadNodeIdInvalid),
    (Quality::NOT_CONNECTED, StatusCode::BadNotConnected),
    (Quality::NOT_CONNECTED, StatusCode::BadWaitingForInitialData),
    (Quality::DEVICE_FAILURE, StatusCode::BadDeviceFailure),
    (Quality::SENSOR_FAILURE, StatusCode::BadSensorFailure),
    (Quality::COMM_FAILURE, StatusCode::BadNoCommunication),
    (Quality::OUT_OF_SERVICE, StatusCode::BadOutOfService),
];

/// The bits of a status code that say what is the matter; the others tell of the value's limits and history.
const CODE: u32 = 0xFFFF_0000;

/// The quality that a status code stands for.
pub(super) fn quality_of(status: StatusCode) -> Quality {
    let same = |pair: &&(Quality, StatusCode)| pair.1.bits() & CODE == status.bits() & CODE;
    if let Some((quality, _)) = PAIRS.iter().find(same) {
        return *quality;
    }
    if status.is_good() {
        Quality::GOOD
    } else if status.is_uncertain() {
        Quality::UNCERTAIN
    } else {
        Quality::BAD
    }
}

/// The status code that a quality is told as.
pub(super) fn status_of(quality: Quality) -> StatusCode {
    if let Some((_, status)) = PAIRS.iter().find(|pair| pair.0 == quality) {
        return *status;
    }
    match quality.trust() {
        Trust::Good => StatusCode::Good,
        Trust::Uncertain => StatusCode::Uncertain,
        Trust::Bad => StatusCode::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_understood() {
        for byte in 0..=255u8 {
            let quality = Quality::from_byte(byte);
            let back = quality_of(status_of(quality));
            assert_eq!(back.trust(), quality.trust(), "{byte:#x}");
            if PAIRS.iter().any(|pair| pair.0 == quality) {
                assert_eq!(back, quality);
            }
        }
    }

    #[test]
    fn limits_and_overflow_do_not_change_what_is_the_matter() {
        let limited = StatusCode::UncertainSensorNotAccurate.set_overflow(true);
        assert_eq!(quality_of(limited), Quality::INACCURATE);
        assert_eq!(quality_of(StatusCode::BadTimeout), Quality::BAD);
        assert_eq!(quality_of(StatusCode::GoodClamped), Quality::GOOD);
    }
}
