//! The tags shown to other systems over OPC UA. People of the whole park alone get in, by the name and password that they
//! have here: that protocol knows no enterprises. Nobody writes through it, since a write needs a reason.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use saltern_connect::ConnectError;
use saltern_connect::opcua::{
    Anonymous, Application, Certificates, Check, OpcUaServer, ServerSettings, Space,
};
use saltern_samples::Sample;
use saltern_units::Lang;
use tokio::sync::broadcast::error::RecvError;

use crate::house::House;
use crate::operation::{Flash, Live};

/// How tags are shown.
#[derive(Clone, Debug)]
pub struct Outward {
    /// Where it listens.
    pub address: SocketAddr,
    /// Language of display names; descriptions are in the other.
    pub lang: Lang,
}

/// Shows the tags in force, and the new ones when the base folder changes.
pub(crate) async fn show(
    house: &Arc<House>,
    outward: Outward,
    folder: PathBuf,
) -> Result<SocketAddr, ConnectError> {
    let mut flashes = house.flashes();
    let mut live = house.live();
    let mut server = open(house, &live, &outward, &folder).await?;
    let address = server.address();
    let house = Arc::downgrade(house);
    tokio::spawn(async move {
        loop {
            let flash = match flashes.recv().await {
                Ok(flash) => Some(flash),
                Err(RecvError::Lagged(_)) => None,
                Err(RecvError::Closed) => return server.stop().await,
            };
            let Some(held) = house.upgrade() else {
                return server.stop().await;
            };
            let now = flash
                .as_ref()
                .map_or_else(|| held.live(), |flash| Arc::clone(&flash.live));
            if now.generation != live.generation {
                live = now;
                server.stop().await;
                // The address was ours until now; should it be gone, the next change of the folder tries again.
                match open(&held, &live, &outward, &folder).await {
                    Ok(opened) => server = opened,
                    Err(_) => return,
                }
            }
            match flash {
                Some(flash) => server.publish(&of_flash(&flash)),
                None => server.publish(&of_live(&live)),
            }
        }
    });
    Ok(address)
}

async fn open(
    house: &Arc<House>,
    live: &Live,
    outward: &Outward,
    folder: &std::path::Path,
) -> Result<OpcUaServer, ConnectError> {
    let application = Application::here(&live.lake.id);
    let namespace = format!("{}:tags", application.uri);
    let settings = ServerSettings {
        listen: outward.address.to_string(),
        certificates: Certificates::open(&folder.join("opcua"), &application)?,
        application,
        // Passwords don't go over a network in the open.
        unsecured: outward.address.ip().is_loopback(),
        anonymous: Anonymous::Refused,
        users: Some(users(Arc::downgrade(house))),
        writes: None,
        lang: outward.lang,
    };
    let server = OpcUaServer::start(settings, Space::of_base(&namespace, &live.lake.tags)).await?;
    server.publish(&of_live(live));
    Ok(server)
}

fn users(house: Weak<House>) -> Check {
    Arc::new(move |name, password| {
        let Some(house) = house.upgrade() else {
            return false;
        };
        let user = house.records.check_password(name, password).ok().flatten();
        user.is_some_and(|user| user.tenant.is_none())
    })
}

fn of_flash(flash: &Flash) -> Vec<(usize, Sample)> {
    let readings = flash.readings.iter();
    readings
        .map(|reading| (reading.tag.0 as usize, reading.sample))
        .collect()
}

fn of_live(live: &Live) -> Vec<(usize, Sample)> {
    let latest = live.latest();
    let known = latest.iter().enumerate();
    known
        .filter_map(|(row, sample)| sample.map(|sample| (row, sample)))
        .collect()
}
