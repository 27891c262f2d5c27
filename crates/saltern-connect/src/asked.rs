//! What was asked of another that did not answer in time, and what may stand in a setting: phrases within a sentence, in the
//! language of it.

use saltern_units::Lang;

use crate::message::catalogue;

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `connect.asked.connect`: to let us in.
    Connect,
    /// `connect.asked.subscribe`: to hear topics.
    Subscribe,
    /// `connect.asked.publish`: to take messages.
    Publish,
    /// `connect.asked.read`: values.
    Read,
    /// `connect.asked.write`: to take a value.
    Write,
    /// `connect.asked.write_to`: to take a value for a tag.
    WriteTo(String),
    /// `connect.asked.endpoints`: how it may be spoken to.
    Endpoints,
    /// `connect.asked.state`: how it is.
    State,
}

impl Asked {
    /// The phrase.
    pub fn text(&self, lang: Lang) -> String {
        let code = match self {
            Asked::Connect => "connect.asked.connect",
            Asked::Subscribe => "connect.asked.subscribe",
            Asked::Publish => "connect.asked.publish",
            Asked::Read => "connect.asked.read",
            Asked::Write => "connect.asked.write",
            Asked::WriteTo(_) => "connect.asked.write_to",
            Asked::Endpoints => "connect.asked.endpoints",
            Asked::State => "connect.asked.state",
        };
        let tag = match self {
            Asked::WriteTo(tag) => vec![("tag", tag.clone())],
            _ => Vec::new(),
        };
        catalogue().render(code, lang, &tag)
    }
}

/// What may stand in a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// What is written the same in every language.
    Words(&'static str),
    /// `connect.accepted.or_blank`: names of security policies, or nothing for the strongest that is offered.
    OrBlank(&'static str),
}

impl Accepted {
    /// The phrase.
    pub fn text(self, lang: Lang) -> String {
        let (code, words) = match self {
            Accepted::Words(words) => return words.into(),
            Accepted::OrBlank(words) => ("connect.accepted.or_blank", words),
        };
        catalogue().render(code, lang, &[("words", words.into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ConnectError;
    use crate::reason::Reason;

    /// Sentences that were English within Chinese ones: what is left of them in Latin letters is evidence, or a name of a
    /// standard.
    #[test]
    fn chinese_sentences_hold_no_english_phrase() {
        let late = |asked| ConnectError::Timeout {
            endpoint: "1".into(),
            asked,
            seconds: 2.0,
        };
        let refused = |reason| ConnectError::WriteRefused {
            tag: "1".into(),
            reason,
        };
        let setting = ConnectError::Setting {
            connection: "1".into(),
            column: "security",
            value: "3".into(),
            accepted: Accepted::OrBlank("None, Basic256Sha256"),
        };
        let asked = [
            Asked::Connect,
            Asked::Subscribe,
            Asked::Publish,
            Asked::Read,
            Asked::Write,
            Asked::WriteTo("4".into()),
            Asked::Endpoints,
            Asked::State,
        ];
        let late = asked.into_iter().map(late);
        let exceptions = (0..=255).map(|code| refused(Reason::Exception { code }));
        let names = [
            "GetEndpoints",
            "ServerStatus",
            "Modbus",
            "security",
            "None",
            "Basic256Sha256",
            "0x",
        ];
        for error in late.chain(exceptions).chain([setting]) {
            let mut zh = error.text(Lang::Zh);
            assert_ne!(zh, error.text(Lang::En));
            assert!(!zh.contains("connect."), "no sentence: {zh}");
            for name in names {
                zh = zh.replace(name, "");
            }
            let is_hex = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
            let is_latin = |c: char| c.is_ascii_alphabetic() && !is_hex(c);
            assert!(!zh.contains(is_latin), "{zh}");
        }
    }
}
