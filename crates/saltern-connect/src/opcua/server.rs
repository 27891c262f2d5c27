//! Our tags and model values to any OPC UA client; the demo plant's face as well.
//!
//! Two limits of the protocol crate (0.19) are felt: it does not say which language a client asked for, and a client that
//! asks for no filter does not hear of a status that changes while the value stays.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use opcua_crypto::SecurityPolicy;
use opcua_server::address_space::AddressSpace;
use opcua_server::node_manager::ServerContext;
use opcua_server::node_manager::memory::{InMemoryNodeManager, InMemoryNodeManagerBuilder};
use opcua_server::{
    ANONYMOUS_USER_TOKEN_ID, Limits, OperationalLimits, ServerBuilder, ServerEndpoint,
    ServerHandle, SubscriptionLimits,
};
use opcua_types::{BuildInfo, DateTime, MessageSecurityMode};
use saltern_samples::Sample;
use saltern_units::Lang;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::certificates::{Application, Certificates};
use crate::error::ConnectError;

mod face;
mod space;
mod standard;
mod users;

use face::Face;
pub use face::{WriteRefusal, WriteRequest};
pub use space::{Folder, Kind, Point, Space};
pub use users::{Anonymous, Check};

/// How a server stands.
pub struct ServerSettings {
    /// Where it listens, `127.0.0.1:48400`; port 0 for any that is free.
    pub listen: String,
    /// Who it is; the first of its hosts is the one that it names to clients.
    pub application: Application,
    /// Its certificate and those of clients.
    pub certificates: Certificates,
    /// Whether clients may connect without signature and encryption.
    pub unsecured: bool,
    /// What those may do who do not say who they are.
    pub anonymous: Anonymous,
    /// Who is let in by name and password; `None` for nobody.
    pub users: Option<Check>,
    /// Where writes go; `None` refuses all.
    pub writes: Option<mpsc::Sender<WriteRequest>>,
    /// Language of display names; descriptions are in the other.
    pub lang: Lang,
}

/// A server at work. It stops when it is dropped.
pub struct OpcUaServer {
    address: SocketAddr,
    handle: ServerHandle,
    face: Arc<InMemoryNodeManager<Face>>,
    task: Option<JoinHandle<Result<(), String>>>,
    caretaker: JoinHandle<()>,
}

/// How long clients have to hear that the server stops.
const GOODBYE: Duration = Duration::from_secs(2);
/// How often it is looked whether something is to be published, ms. What was changed waits for this beyond its interval.
const POLL_MS: u64 = 20;
/// How often the folder of certificates is put in order.
const SETTLE_PERIOD: Duration = Duration::from_secs(5);
/// Policies that we offer, all with signature and encryption (OPC 10000-7; older ones are deprecated there).
const POLICIES: [SecurityPolicy; 3] = [
    SecurityPolicy::Basic256Sha256,
    SecurityPolicy::Aes128Sha256RsaOaep,
    SecurityPolicy::Aes256Sha256RsaPss,
];

impl OpcUaServer {
    /// Starts to listen.
    ///
    /// # Errors
    /// Where the address is taken or ids are not unique.
    pub async fn start(
        settings: ServerSettings,
        space: Space,
    ) -> Result<OpcUaServer, ConnectError> {
        if let Some(id) = space.doubled() {
            return Err(ConnectError::DoubledNode {
                address: settings.listen,
                id: id.to_string(),
            });
        }
        let refused = |reason: String| ConnectError::Listen {
            address: settings.listen.clone(),
            reason,
        };
        let listener = TcpListener::bind(&settings.listen).await;
        let listener = listener.map_err(|error| refused(error.to_string()))?;
        let address = listener.local_addr();
        let address = address.map_err(|error| refused(error.to_string()))?;

        let builder = configured(&settings, address);
        let nodes = nodes(&settings, space);
        let certificates = settings.certificates.clone();
        let builder = builder.with_node_manager(InMemoryNodeManagerBuilder::new(nodes));
        let (server, handle) = builder.build().map_err(&refused)?;
        let face = handle.node_managers().get_of_type();
        let face = face.ok_or_else(|| refused("its nodes were not made".into()))?;
        Ok(OpcUaServer {
            address,
            face,
            handle,
            task: Some(tokio::spawn(server.run_with(listener))),
            caretaker: tokio::spawn(care(certificates)),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells of new values by the places of their variables in the list, all in one go.
    pub fn publish(&self, updates: &[(usize, Sample)]) {
        self.face.inner().publish(updates);
    }

    /// Whether it still serves.
    pub fn is_serving(&self) -> bool {
        self.task.as_ref().is_some_and(|task| !task.is_finished())
    }

    /// Says goodbye to clients and stops.
    pub async fn stop(mut self) {
        self.handle.cancel();
        if let Some(task) = self.task.take() {
            let _ = tokio::time::timeout(GOODBYE, task).await;
        }
    }
}

impl Drop for OpcUaServer {
    fn drop(&mut self) {
        self.handle.cancel();
        self.caretaker.abort();
    }
}

/// Keeps the folder of certificates in order, so that one a person trusts is found whatever its file is called.
async fn care(certificates: Certificates) {
    loop {
        tokio::time::sleep(SETTLE_PERIOD).await;
        let certificates = certificates.clone();
        // A folder that can't be read now may be read later; connecting says so meanwhile.
        let _ = tokio::task::spawn_blocking(move || certificates.settle()).await;
    }
}

/// Makes all nodes: the standard's and ours. The second namespace is by rule the server's own (OPC 10000-5, 6.3.1), ours is
/// the third.
fn nodes(
    settings: &ServerSettings,
    space: Space,
) -> impl FnOnce(ServerContext, &mut AddressSpace) -> Face + use<> {
    let (lang, writes) = (settings.lang, settings.writes.clone());
    let application = settings.application.uri.clone();
    move |server, nodes| {
        let mut namespaces = vec![standard::NAMESPACE.to_string(), application];
        namespaces.push(space.namespace.clone());
        let index = {
            let mut types = server.type_tree.write();
            let known = types.namespaces_mut();
            namespaces
                .iter()
                .map(|uri| known.add_namespace(uri))
                .last()
                .unwrap_or_default()
        };
        for (uri, at) in namespaces.iter().zip(0..) {
            nodes.add_namespace(uri, at);
        }
        standard::build(nodes);
        space::build(&space, index, lang, nodes);
        Face::new(server, namespaces, &space, index, writes)
    }
}

fn configured(settings: &ServerSettings, address: SocketAddr) -> ServerBuilder {
    let application = &settings.application;
    let host = application.hosts.first().cloned();
    let mut builder = ServerBuilder::new()
        .without_node_managers()
        .application_name(&application.name)
        .application_uri(&application.uri)
        .product_uri("urn:saltern")
        .build_info(BuildInfo {
            product_uri: "urn:saltern".into(),
            manufacturer_name: "Saltern".into(),
            product_name: "Saltern".into(),
            software_version: env!("CARGO_PKG_VERSION").into(),
            build_number: env!("CARGO_PKG_VERSION").into(),
            build_date: DateTime::null(),
        })
        .create_sample_keypair(false)
        // The protocol crate (0.19) calls the file of a rejected certificate by its subject and leaves out `/` alone: on Windows,
        // where `\` is a way to other folders as well, a stranger's certificate could be laid elsewhere.
        .pki_dir(settings.certificates.folder())
        .certificate_path("own/cert.der")
        .private_key_path("private/private.pem")
        .trust_client_certs(false)
        .host(host.unwrap_or_else(|| address.ip().to_string()))
        .port(address.port())
        .locale_ids(vec![settings.lang.pick("en", "zh-CN").to_string()])
        .discovery_urls(vec!["/".into()])
        .limits(limits())
        .subscription_poll_interval_ms(POLL_MS)
        .with_authenticator(Arc::new(users::Users {
            anonymous: settings.anonymous,
            check: settings.users.clone(),
        }));
    let tokens = [ANONYMOUS_USER_TOKEN_ID.to_string()];
    for policy in POLICIES {
        let endpoint =
            ServerEndpoint::new("/", policy, MessageSecurityMode::SignAndEncrypt, &tokens);
        builder = builder.add_endpoint(policy.to_str(), endpoint);
    }
    if settings.unsecured {
        let mut endpoint = ServerEndpoint::new_none("/", &tokens);
        endpoint.password_security_policy = Some(SecurityPolicy::Basic256Sha256.to_str().into());
        builder = builder.add_endpoint("None", endpoint);
    }
    builder
}

/// Room for tens of thousands of tags and a few clients.
fn limits() -> Limits {
    Limits {
        max_sessions: 50,
        max_array_length: 200_000,
        // A read or a publish of everything at once: 100 000 values of some 40 bytes.
        max_message_size: 16 << 20,
        max_chunk_count: 512,
        subscriptions: SubscriptionLimits {
            max_monitored_items_per_sub: 100_000,
            max_monitored_item_queue_size: 1_000,
            max_queued_notifications: 200,
            min_sampling_interval_ms: 0.0,
            ..SubscriptionLimits::default()
        },
        operational: OperationalLimits {
            max_nodes_per_translate_browse_paths_to_node_ids: 1_000,
            max_monitored_items_per_call: 10_000,
            ..OperationalLimits::default()
        },
        ..Limits::default()
    }
}
