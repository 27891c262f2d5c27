//! Values in messages that are not Sparkplug: a bare number or word, or a field of JSON.

use serde_json::Value as Json;

use crate::treatment::Value;

/// The value in a message and what is done with it. `path` names fields and places in lists; it is empty for a bare value.
pub(crate) fn with_value<T>(
    payload: &[u8],
    path: &[String],
    use_it: impl FnOnce(Value<'_>) -> T,
) -> T {
    if path.is_empty() {
        return use_it(std::str::from_utf8(payload).map_or(Value::Strange, Value::Text));
    }
    let Ok(json) = serde_json::from_slice::<Json>(payload) else {
        return use_it(Value::Strange);
    };
    let found = path.iter().try_fold(&json, |at, step| match at {
        Json::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => at.get(step),
    });
    use_it(match found {
        Some(Json::Number(number)) => number.as_f64().map_or(Value::Strange, Value::Number),
        Some(Json::Bool(yes)) => Value::Bool(*yes),
        Some(Json::String(text)) => Value::Text(text),
        Some(Json::Null) => Value::Nothing,
        _ => Value::Strange,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(payload: &str, path: &str) -> String {
        let path: Vec<String> = path
            .split('.')
            .filter(|s| !s.is_empty())
            .map(String::from)
            .collect();
        with_value(payload.as_bytes(), &path, |value| format!("{value:?}"))
    }

    #[test]
    fn a_value_is_found_where_the_path_leads() {
        assert_eq!(said("4.5", ""), "Text(\"4.5\")");
        let json = r#"{"data": [{"v": 1.5}, {"v": true}], "t": "7", "n": null, "o": {}}"#;
        assert_eq!(said(json, "data.0.v"), "Number(1.5)");
        assert_eq!(said(json, "data.1.v"), "Bool(true)");
        assert_eq!(said(json, "t"), "Text(\"7\")");
        assert_eq!(said(json, "n"), "Nothing");
        for wrong in ["o", "x", "data.2", "data.v", "t.t"] {
            assert_eq!(said(json, wrong), "Strange", "{wrong}");
        }
        assert_eq!(said("{", "a"), "Strange");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_value_or_not(bytes in prop::collection::vec(any::<u8>(), 0..60), path in prop::collection::vec("[a-z0-9]{0,3}", 0..4)) {
            with_value(&bytes, &path, |_| ());
        }
    }
}
