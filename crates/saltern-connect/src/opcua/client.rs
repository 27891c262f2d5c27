//! Others' tags to us: one session of an OPC UA client under the supervisor.
//!
//! A session is made from nothing and is never mended: the protocol crate's own reconnecting and its own loop of publish
//! requests are not used, because after a server was restarted they stay silent for ever. What we ask for and when is in
//! [`watch`], so that a reading that was answered is handed on before the next is asked for.

use std::sync::Arc;
use std::time::Duration;

use opcua_client::{Client, ClientBuilder, IdentityToken, Session};
use opcua_crypto::SecurityPolicy;
use opcua_types::{EndpointDescription, Error, MessageSecurityMode, StatusCode};
use saltern_base::tags::Connection;
use tokio::time::timeout;

use super::certificates::{Application, Certificates};
use crate::asked::{Accepted, Asked};
use crate::error::ConnectError;
use crate::line::Line;
use crate::supervisor::Ended;

#[cfg(test)]
mod fuzz;
mod items;
mod visit;
mod watch;
mod write;

use visit::Visit;

/// How long a server keeps a session of which it hears nothing; those that were dropped must not use up its sessions.
const SESSION_LIFE: Duration = Duration::from_secs(30);
/// How long keys of a channel are good, after which they are renewed.
const CHANNEL_LIFE: Duration = Duration::from_secs(600);
/// Values that one message may hold; the protocol crate's own bound of 1000 is too few for an initial notification.
const ARRAY_MAX: usize = 200_000;

/// Security policies by their words in `connections.csv`, the strongest first.
const POLICIES: [(&str, SecurityPolicy); 3] = [
    ("Aes256_Sha256_RsaPss", SecurityPolicy::Aes256Sha256RsaPss),
    ("Basic256Sha256", SecurityPolicy::Basic256Sha256),
    ("Aes128_Sha256_RsaOaep", SecurityPolicy::Aes128Sha256RsaOaep),
];

/// What is accepted in the column `security`.
const ACCEPTED: Accepted =
    Accepted::OrBlank("None, Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss");

/// How messages are protected.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Security {
    /// Not at all.
    None,
    /// By one policy, signed and encrypted.
    One(SecurityPolicy),
    /// By the strongest that is offered, signed and encrypted.
    Strongest,
}

/// A server that we connect to, and how.
pub(crate) struct Door {
    endpoint: String,
    security: Security,
    identity: IdentityToken,
    timeout: Duration,
    silence: Duration,
    application: Application,
    certificates: Certificates,
}

impl Door {
    /// From a row of `connections.csv`. `secret` tells the value of an environment variable.
    ///
    /// # Errors
    /// Entries that can't be used, a secret that is not there.
    pub(crate) fn of(
        connection: &Connection,
        application: &Application,
        certificates: Certificates,
        secret: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Door, ConnectError> {
        let setting = |column, value: &str, accepted| ConnectError::Setting {
            connection: connection.who.id.clone(),
            column,
            value: value.to_string(),
            accepted,
        };
        if !connection.endpoint.starts_with("opc.tcp://") {
            let accepted = Accepted::Words(connection.protocol.endpoints());
            return Err(setting("endpoint", &connection.endpoint, accepted));
        }
        let security = match connection.security.as_deref() {
            None => Security::Strongest,
            Some(word) if word.eq_ignore_ascii_case("none") => Security::None,
            Some(word) => {
                let found = POLICIES
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(word));
                let (_, policy) = found.ok_or_else(|| setting("security", word, ACCEPTED))?;
                Security::One(*policy)
            }
        };
        let identity = match (&connection.user, &connection.secret) {
            (None, _) => IdentityToken::Anonymous,
            (Some(user), None) => IdentityToken::new_user_name(user.clone(), ""),
            (Some(user), Some(variable)) => {
                let password = secret(variable).ok_or_else(|| ConnectError::Secret {
                    connection: connection.who.id.clone(),
                    variable: variable.clone(),
                })?;
                IdentityToken::new_user_name(user.clone(), password)
            }
        };
        Ok(Door {
            endpoint: connection.endpoint.clone(),
            security,
            identity,
            timeout: Duration::from_secs_f64(connection.timeout_s.clamp(0.1, 3600.0)),
            silence: Duration::from_secs_f64(connection.silence_s.clamp(0.5, 86_400.0)),
            application: application.clone(),
            certificates,
        })
    }

    /// One session, from nothing to its end.
    pub(crate) async fn session(self: Arc<Door>, mut line: Line) -> Ended {
        let client = self.client()?;
        let endpoint = self.choose(&client).await?;
        let mut visit = self.enter(client, endpoint)?;
        let session = visit.session.clone();
        let work = async {
            session.wait_for_connection().await;
            line.heard();
            watch::watch(&self, &session, &mut line).await
        };
        visit.while_open(&self, work).await
    }

    fn client(&self) -> Result<Client, ConnectError> {
        ClientBuilder::new()
            .application_name(&self.application.name)
            .application_uri(&self.application.uri)
            .product_uri("urn:saltern")
            .session_name(&self.application.name)
            .create_sample_keypair(false)
            .pki_dir(self.certificates.folder())
            .certificate_path("own/cert.der")
            .private_key_path("private/private.pem")
            .trust_server_certs(false)
            // Names, addresses and times in a certificate: `Certificates::judge` says which count.
            .verify_server_certs(false)
            .ignore_clock_skew(true)
            .session_retry_limit(0)
            .recreate_subscriptions(false)
            .session_timeout(millis(SESSION_LIFE))
            .channel_lifetime(millis(CHANNEL_LIFE))
            .request_timeout(self.timeout)
            .keep_alive_interval(SESSION_LIFE / 3)
            // Whether the other lives is seen by its publish responses.
            .max_failed_keep_alive_count(0)
            .max_array_length(ARRAY_MAX)
            .max_message_size(64 << 20)
            .max_chunk_count(2048)
            .client()
            .map_err(|reasons| ConnectError::Refused {
                endpoint: self.endpoint.clone(),
                reason: reasons.join(", ").into(),
            })
    }

    /// Asks which ways in there are and takes the one that the connection wants.
    async fn choose(&self, client: &Client) -> Result<EndpointDescription, ConnectError> {
        let asked = client.get_server_endpoints_from_url(self.endpoint.as_str());
        let offered = match timeout(self.timeout * 2, asked).await {
            Ok(Ok(offered)) => offered,
            Ok(Err(error)) => {
                return Err(ConnectError::Unreachable {
                    endpoint: self.endpoint.clone(),
                    reason: named(error.status()),
                });
            }
            Err(_) => return Err(self.too_slow(Asked::Endpoints, self.timeout * 2)),
        };
        let mut chosen = self.best(&offered)?.clone();
        if self.security != Security::None {
            let der = chosen.server_certificate.value.as_deref();
            self.certificates
                .judge(&self.endpoint, der.unwrap_or_default())?;
        }
        // Servers name themselves as they know themselves, which is often not how we reach them.
        chosen.endpoint_url = self.endpoint.as_str().into();
        Ok(chosen)
    }

    fn best<'e>(
        &self,
        offered: &'e [EndpointDescription],
    ) -> Result<&'e EndpointDescription, ConnectError> {
        let policy =
            |way: &EndpointDescription| SecurityPolicy::from_uri(way.security_policy_uri.as_ref());
        let find = |wanted: SecurityPolicy, mode: MessageSecurityMode| {
            offered
                .iter()
                .find(|way| policy(way) == wanted && way.security_mode == mode)
        };
        let both = MessageSecurityMode::SignAndEncrypt;
        let found = match self.security {
            Security::None => find(SecurityPolicy::None, MessageSecurityMode::None),
            Security::One(wanted) => find(wanted, both),
            Security::Strongest => POLICIES.iter().find_map(|(_, wanted)| find(*wanted, both)),
        };
        found.ok_or_else(|| {
            let name = |way: &EndpointDescription| format!("{}/{}", policy(way), way.security_mode);
            let asked = match self.security {
                Security::None => "None".to_string(),
                Security::One(wanted) => format!("{wanted}/SignAndEncrypt"),
                Security::Strongest => "SignAndEncrypt".to_string(),
            };
            ConnectError::NoSecurity {
                endpoint: self.endpoint.clone(),
                asked,
                offered: offered.iter().map(name).collect::<Vec<_>>().join(", "),
            }
        })
    }

    fn enter(
        &self,
        mut client: Client,
        endpoint: EndpointDescription,
    ) -> Result<Visit, ConnectError> {
        let made = client.connect_to_endpoint_directly(endpoint, self.identity.clone());
        let (session, events) = made.map_err(|error| self.refused(error.status()))?;
        session.disable_reconnects();
        Ok(Visit::new(session, events.enter()))
    }

    fn refused(&self, status: StatusCode) -> ConnectError {
        // What servers answer to a certificate that they don't know (OPC 10000-4, 6.1.3).
        let unknown = [
            StatusCode::BadSecurityChecksFailed,
            StatusCode::BadCertificateUntrusted,
            StatusCode::BadCertificateInvalid,
        ];
        if self.security != Security::None && unknown.contains(&status) {
            return ConnectError::NotTrusted {
                endpoint: self.endpoint.clone(),
                certificate: self.certificates.own().display().to_string(),
                reason: named(status),
            };
        }
        ConnectError::Refused {
            endpoint: self.endpoint.clone(),
            reason: named(status).into(),
        }
    }

    fn lost(&self, status: StatusCode) -> ConnectError {
        ConnectError::Lost {
            endpoint: self.endpoint.clone(),
            reason: named(status).into(),
        }
    }

    fn too_slow(&self, asked: Asked, waited: Duration) -> ConnectError {
        ConnectError::Timeout {
            endpoint: self.endpoint.clone(),
            asked,
            seconds: waited.as_secs_f64(),
        }
    }

    /// What went wrong with a request within a session.
    fn failed(&self, error: &Error) -> ConnectError {
        self.lost(error.status())
    }
}

/// The name of a status, as the standard has it.
fn named(status: StatusCode) -> String {
    status.to_string()
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// A session that is open.
type Open = Arc<Session>;
