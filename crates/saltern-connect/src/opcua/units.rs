//! Engineering units as OPC UA names them: by codes of UNECE Recommendation 20.
//!
//! `units.csv` holds the codes; its column `evidence` says whether a code was read in a published list (that of the OPC
//! Foundation, as Eclipse Milo's `CefactEngineeringUnits` has it) or is known from general knowledge (`recalled`).

use std::collections::HashMap;
use std::sync::LazyLock;

use opcua_types::{EUInformation, LocalizedText, UAString};

/// Namespace of the codes (OPC 10000-8, 5.6.4.3).
const CEFACT: &str = "http://www.opcfoundation.org/UA/units/un/cefact";

/// Codes by symbol.
static CODES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = include_str!("units.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',');
        Some((cells.next()?, cells.next()?))
    })
    .collect()
});

/// The code of a unit, where it has one.
pub(super) fn code(symbol: &str) -> Option<&'static str> {
    CODES.get(symbol).copied()
}

/// A code as a number: its characters as bytes, the first the highest (OPC 10000-8, 5.6.4.3).
fn number(code: &str) -> i32 {
    code.bytes()
        .fold(0, |number, byte| (number << 8) | i32::from(byte))
}

/// What a client is told of a unit. One without a code is named in `namespace` and numbered −1, as the standard asks.
pub(super) fn information(symbol: &str, namespace: &str) -> EUInformation {
    let (namespace, unit_id) = match code(symbol) {
        Some(code) => (CEFACT, number(code)),
        None => (namespace, -1),
    };
    EUInformation {
        namespace_uri: UAString::from(namespace),
        unit_id,
        display_name: LocalizedText::new("", symbol),
        description: LocalizedText::new("", symbol),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_the_published_numbers() {
        // Numbers as the OPC Foundation's list has them.
        for (symbol, expected) in [
            ("kg/m3", 4_934_993),
            ("g/cm3", 12_851),
            ("t/h", 4_534_584),
            ("m3/h", 5_067_080),
            ("MWh", 5_068_616),
            ("hPa", 4_274_487),
        ] {
            assert_eq!(information(symbol, "urn:own").unit_id, expected, "{symbol}");
        }
        assert_eq!(information("万m3", "urn:own").unit_id, -1);
        assert_eq!(
            information("万m3", "urn:own").namespace_uri.as_ref(),
            "urn:own"
        );
    }

    #[test]
    fn every_code_is_of_a_unit_that_we_know_or_may_meet() {
        for symbol in CODES.keys() {
            let known = saltern_units::unit::find_any(symbol).is_some();
            assert!(known || ["V", "A", "Hz"].contains(symbol), "{symbol}");
        }
    }
}
