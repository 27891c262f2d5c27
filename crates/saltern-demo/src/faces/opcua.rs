//! A control system that speaks OPC UA.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use saltern_base::tags::address::{Identifier, Node};
use saltern_base::tags::{Connection, Source, Tags, host_and_port};
use saltern_connect::ConnectError;
use saltern_connect::opcua::{
    Anonymous, Application, Certificates, OpcUaServer, ServerSettings, Space, WriteRequest,
};
use saltern_samples::Sample;
use saltern_units::Lang;
use tokio::sync::mpsc;

use super::{Played, Write, here};
use crate::error::DemoError;

/// Writes that may wait.
const WAITING: usize = 64;

pub(crate) struct OpcUa {
    address: SocketAddr,
    folder: PathBuf,
    application: Application,
    space: Space,
    /// Places of tags in the space, by their rows.
    places: HashMap<usize, usize>,
    rows: Vec<usize>,
    server: Option<(OpcUaServer, mpsc::Receiver<WriteRequest>)>,
    /// What was told last, for those who come later.
    latest: HashMap<usize, Sample>,
}

impl OpcUa {
    pub(super) fn new(
        connection: &Connection,
        tags: &Tags,
        played: &[Played<'_>],
        folder: &Path,
    ) -> Result<OpcUa, DemoError> {
        let rest = connection.endpoint.trim_start_matches("opc.tcp://");
        let host = rest.split('/').next().unwrap_or_default();
        let (host, port) = host_and_port(host, 4840).unwrap_or_default();
        let id = &connection.who.id;
        // Its own nodes are by rule in the third namespace; identifiers are those of the addresses.
        let whole = Space::of_base(&format!("urn:saltern:demo:{id}"), tags);
        let mut space = Space {
            points: Vec::new(),
            ..whole.clone()
        };
        let mut rows = Vec::new();
        for one in played {
            let Source::OpcUa(address) = &one.tag.source else {
                continue;
            };
            let Some(Identifier::Text(name)) = Node::read(address).map(|node| node.identifier)
            else {
                continue;
            };
            let mut point = whole.points[one.instrument.tag].clone();
            point.id = name;
            space.points.push(point);
            rows.push(one.instrument.tag);
        }
        Ok(OpcUa {
            address: here(connection, &host, port)?,
            folder: folder.join(id),
            application: Application::here(&format!("demo-{id}")),
            places: rows
                .iter()
                .enumerate()
                .map(|(at, row)| (*row, at))
                .collect(),
            rows,
            space,
            server: None,
            latest: HashMap::new(),
        })
    }

    pub(super) async fn set_up(&mut self, up: bool) -> Result<(), ConnectError> {
        match (up, self.server.take()) {
            (true, None) => self.server = Some(self.start().await?),
            (true, server) => self.server = server,
            (false, Some((server, _))) => server.stop().await,
            (false, None) => {}
        }
        Ok(())
    }

    async fn start(&self) -> Result<(OpcUaServer, mpsc::Receiver<WriteRequest>), ConnectError> {
        let (writes, asked) = mpsc::channel(WAITING);
        let (folder, application) = (self.folder.clone(), self.application.clone());
        // Making a key takes up to seconds.
        let opened =
            tokio::task::spawn_blocking(move || Certificates::open(&folder, &application)).await;
        let certificates = opened.map_err(|_| ConnectError::Stopped)??;
        let settings = ServerSettings {
            listen: self.address.to_string(),
            application: self.application.clone(),
            certificates,
            unsecured: true,
            anonymous: Anonymous::Writes,
            users: None,
            writes: Some(writes),
            lang: Lang::En,
        };
        let server = OpcUaServer::start(settings, self.space.clone()).await?;
        let known: Vec<(usize, Sample)> = self.latest.iter().map(|(at, s)| (*at, *s)).collect();
        server.publish(&known);
        Ok((server, asked))
    }

    pub(super) fn tell(&mut self, samples: &[(usize, Sample)]) {
        let mine = samples.iter().filter_map(|(row, sample)| {
            let place = self.places.get(row)?;
            Some((*place, *sample))
        });
        let mine: Vec<(usize, Sample)> = mine.collect();
        self.latest.extend(mine.iter().copied());
        if let Some((server, _)) = &self.server {
            server.publish(&mine);
        }
    }

    pub(super) fn writes(&mut self) -> Vec<Write> {
        let Some((_, asked)) = &mut self.server else {
            return Vec::new();
        };
        let mut writes = Vec::new();
        while let Ok(write) = asked.try_recv() {
            if let Some(row) = self.rows.get(write.point) {
                writes.push((*row, write));
            }
        }
        writes
    }
}
