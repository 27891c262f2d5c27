//! Who asks: a person with a session in a cookie, or a program with a token.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, header};
use saltern_records::{Role, User};

use super::right::Right;
use crate::error::ServerError;
use crate::house::House;
use crate::operation::Live;
use crate::problem::Problem;

/// Name of the session's cookie.
pub(crate) const COOKIE: &str = "saltern";
/// The header with the session's second secret.
pub(crate) const GUARD: &str = "x-saltern-guard";

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Name.
    pub(crate) name: String,
    /// Role.
    pub(crate) role: Role,
    /// Enterprise; `None` for people of the whole park.
    pub(crate) tenant: Option<String>,
    /// What they may do here and now.
    pub(crate) rights: Vec<Right>,
    /// What shows that the session or token still holds.
    pub(crate) proof: Proof,
}

/// What a caller showed.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    /// A session's secret, and the guard that changes must carry.
    Session {
        /// Secret.
        secret: String,
        /// Guard.
        guard: String,
    },
    /// A token.
    Token(String),
}

impl Caller {
    /// Whoever the headers name.
    pub(crate) async fn of(
        house: &Arc<House>,
        headers: &HeaderMap,
    ) -> Result<Option<Caller>, Problem> {
        if let Some(token) = bearer(headers) {
            return Caller::by_proof(house, Proof::Token(token.into())).await;
        }
        match cookie_of(house, headers) {
            Some(secret) => Caller::by_session(house, secret).await,
            None => Ok(None),
        }
    }

    /// Whoever has the session of this secret.
    pub(crate) async fn by_session(
        house: &Arc<House>,
        secret: &str,
    ) -> Result<Option<Caller>, Problem> {
        // The guard is the records' to say.
        let (secret, guard) = (secret.into(), String::new());
        Caller::by_proof(house, Proof::Session { secret, guard }).await
    }

    /// Whether the caller is still who they were: sessions end, tokens are withdrawn, roles change.
    pub(crate) async fn again(&self, house: &Arc<House>) -> Result<Option<Caller>, Problem> {
        Caller::by_proof(house, self.proof.clone()).await
    }

    async fn by_proof(house: &Arc<House>, proof: Proof) -> Result<Option<Caller>, Problem> {
        let now_us = house.wall_us();
        let found = house
            .ask(move |records| {
                Ok(match proof {
                    Proof::Token(text) => {
                        records.check_token(&text, now_us)?.map(|(token, user)| {
                            let scopes = token.scopes.iter().filter_map(|s| Right::by_name(s));
                            let rights = scopes.filter(|right| right.is_of(user.role)).collect();
                            Caller::new(user, rights, Proof::Token(text))
                        })
                    }
                    Proof::Session { secret, .. } => {
                        records.session(&secret, now_us)?.map(|session| {
                            let all = Right::ALL.into_iter().map(|(right, _)| right);
                            let role = session.user.role;
                            let rights = all.filter(|right| right.is_of(role));
                            let guard = session.guard;
                            let proof = Proof::Session { secret, guard };
                            Caller::new(session.user, rights.collect(), proof)
                        })
                    }
                })
            })
            .await?;
        Ok(found)
    }

    fn new(user: User, rights: Vec<Right>, proof: Proof) -> Caller {
        Caller {
            name: user.name,
            role: user.role,
            tenant: user.tenant,
            rights,
            proof,
        }
    }

    /// Whether a change may come from where it comes from: a browser sends cookies along for any page, so there the second
    /// secret is asked for.
    pub(crate) fn may_change(&self, method: &Method, headers: &HeaderMap) -> bool {
        match &self.proof {
            Proof::Session { guard, .. } if !method.is_safe() => headers
                .get(GUARD)
                .is_some_and(|given| given.as_bytes() == guard.as_bytes()),
            _ => true,
        }
    }

    /// What changes from a browser must carry.
    pub(crate) fn guard(&self) -> Option<&str> {
        match &self.proof {
            Proof::Session { guard, .. } => Some(guard),
            Proof::Token(_) => None,
        }
    }

    /// Whether a tag may be seen: one's own, and what the park shares. People of the park see all.
    pub(crate) fn sees(&self, live: &Live, row: u32) -> bool {
        match (&self.tenant, live.tenant(row)) {
            (None, _) | (_, None) => true,
            (Some(own), Some(other)) => own == other,
        }
    }

    /// Whether something may be done about a tag: one's own only. What the park shares is the park's to handle.
    pub(crate) fn handles(&self, live: &Live, row: u32) -> bool {
        self.tenant.is_none() || self.tenant.as_deref() == live.tenant(row)
    }

    /// Refuses what concerns the whole park to people of one enterprise.
    pub(crate) fn check_park(&self, what: &str) -> Result<(), ServerError> {
        match self.tenant {
            None => Ok(()),
            Some(_) => Err(ServerError::NotYours {
                who: self.name.clone(),
                what: what.into(),
            }),
        }
    }

    /// The row of a tag that may be seen.
    pub(crate) fn row(&self, live: &Live, tag: &str) -> Result<u32, ServerError> {
        let row = live.row(tag).filter(|row| self.sees(live, *row));
        row.ok_or_else(|| ServerError::UnknownTag { tag: tag.into() })
    }

    /// Refuses what concerns a tag of others.
    pub(crate) fn check_handles(&self, live: &Live, row: u32) -> Result<(), ServerError> {
        if self.handles(live, row) {
            return Ok(());
        }
        Err(ServerError::NotYours {
            who: self.name.clone(),
            what: live.tag(row).who.id.clone(),
        })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Name of the cookie: where the way is encrypted one that browsers take over encrypted ways and from this host alone.
pub(crate) fn cookie_name(house: &House) -> String {
    if house.encrypted {
        format!("__Host-{COOKIE}")
    } else {
        COOKIE.into()
    }
}

/// The session's secret among the cookies.
pub(crate) fn cookie_of<'h>(house: &House, headers: &'h HeaderMap) -> Option<&'h str> {
    let name = cookie_name(house);
    let cookies = headers.get_all(header::COOKIE);
    let mut pairs = cookies
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}
