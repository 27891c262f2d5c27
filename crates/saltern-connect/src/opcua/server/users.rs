//! Who may enter our server, and what they may do there.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use opcua_crypto::SecurityPolicy;
use opcua_server::ServerEndpoint;
use opcua_server::address_space::AccessLevel;
use opcua_server::authenticator::{AuthManager, Password, UserToken, user_pass_security_policy_id};
use opcua_types::{
    Error, MessageSecurityMode, NodeId, StatusCode, UAString, UserTokenPolicy, UserTokenType,
};

/// Says whether a user has this password. It may take its time: it is asked off the threads that serve.
pub type Check = Arc<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// What those may do who do not say who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anonymous {
    /// They may not enter.
    Refused,
    /// They may read.
    Reads,
    /// They may write to what is writable.
    Writes,
}

/// How long an answer to a wrong password is held back.
const PENALTY: Duration = Duration::from_secs(1);

/// Policy id by which the protocol crate knows anonymous users.
const ANONYMOUS: &str = "anonymous";

/// The rules of one server.
pub(super) struct Users {
    pub(super) anonymous: Anonymous,
    pub(super) check: Option<Check>,
}

fn rejected(status: StatusCode, why: &str) -> Error {
    Error::new(status, why.to_string())
}

#[async_trait]
impl AuthManager for Users {
    async fn authenticate_anonymous_token(&self, _endpoint: &ServerEndpoint) -> Result<(), Error> {
        if self.anonymous == Anonymous::Refused {
            return Err(rejected(
                StatusCode::BadIdentityTokenRejected,
                "anonymous users are not let in",
            ));
        }
        Ok(())
    }

    async fn authenticate_username_identity_token(
        &self,
        _endpoint: &ServerEndpoint,
        username: &str,
        password: &Password,
    ) -> Result<UserToken, Error> {
        let no = || rejected(StatusCode::BadUserAccessDenied, "wrong user or password");
        let check = self.check.clone().ok_or_else(no)?;
        let (user, secret) = (username.to_string(), password.get().to_string());
        let right = tokio::task::spawn_blocking(move || check(&user, &secret)).await;
        // The name of those without one belongs to them.
        if right.unwrap_or(false) && username != opcua_server::ANONYMOUS_USER_TOKEN_ID {
            return Ok(UserToken(username.to_string()));
        }
        tokio::time::sleep(PENALTY).await;
        Err(no())
    }

    fn effective_user_access_level(
        &self,
        token: &UserToken,
        user_access_level: AccessLevel,
        _node_id: &NodeId,
    ) -> AccessLevel {
        if token.is_anonymous() && self.anonymous != Anonymous::Writes {
            user_access_level - AccessLevel::CURRENT_WRITE
        } else {
            user_access_level
        }
    }

    fn user_token_policies(&self, endpoint: &ServerEndpoint) -> Vec<UserTokenPolicy> {
        let policy = |id: UAString, token_type, security: Option<SecurityPolicy>| UserTokenPolicy {
            policy_id: id,
            token_type,
            issued_token_type: UAString::null(),
            issuer_endpoint_url: UAString::null(),
            security_policy_uri: security.map_or_else(UAString::null, |s| s.to_uri().into()),
        };
        let mut policies = Vec::new();
        if self.anonymous != Anonymous::Refused {
            policies.push(policy(ANONYMOUS.into(), UserTokenType::Anonymous, None));
        }
        if self.check.is_some() {
            // A password is encrypted even where nothing else is.
            let open = endpoint.message_security_mode() == MessageSecurityMode::None;
            let security = open.then(|| endpoint.password_security_policy());
            let id = user_pass_security_policy_id(endpoint);
            policies.push(policy(id, UserTokenType::UserName, security));
        }
        policies
    }
}
