//! Controllers that speak Modbus TCP.

use std::collections::HashMap;
use std::net::SocketAddr;

use saltern_base::tags::address::Register;
use saltern_base::tags::{Connection, Source, WordOrder, host_and_port};
use saltern_connect::{ConnectError, ModbusServer};
use saltern_samples::Sample;

use super::{Played, here, listen_error};
use crate::error::DemoError;

pub(crate) struct Registers {
    address: SocketAddr,
    order: WordOrder,
    points: Vec<Register>,
    /// Places of tags among the points, by their rows.
    places: HashMap<usize, usize>,
    server: Option<ModbusServer>,
    /// What was told last, for those who come later.
    latest: HashMap<usize, f64>,
}

impl Registers {
    pub(super) fn new(
        connection: &Connection,
        played: &[Played<'_>],
    ) -> Result<Registers, DemoError> {
        let (host, port) = host_and_port(&connection.endpoint, 502).unwrap_or_default();
        let mut points = Vec::new();
        let mut places = HashMap::new();
        for one in played {
            let Source::Modbus(text) = &one.tag.source else {
                continue;
            };
            if let Some(register) = Register::read(text) {
                places.insert(one.instrument.tag, points.len());
                points.push(register);
            }
        }
        Ok(Registers {
            address: here(connection, &host, port)?,
            order: connection.word_order,
            points,
            places,
            server: None,
            latest: HashMap::new(),
        })
    }

    pub(super) async fn set_up(&mut self, up: bool) -> Result<(), ConnectError> {
        if !up {
            self.server = None;
        } else if self.server.is_none() {
            let held = |(at, point): (usize, &Register)| {
                (*point, self.latest.get(&at).copied().unwrap_or_default())
            };
            let points = self.points.iter().enumerate().map(held).collect();
            let begun = ModbusServer::listen(self.address, points, self.order).await;
            let server = begun.map_err(|error| listen_error(self.address, &error))?;
            self.server = Some(server);
        }
        Ok(())
    }

    pub(super) fn tell(&mut self, samples: &[(usize, Sample)]) {
        let mine = samples.iter().filter_map(|(row, sample)| {
            let place = self.places.get(row)?;
            Some((*place, sample.value))
        });
        let mine: Vec<(usize, f64)> = mine.collect();
        self.latest.extend(mine.iter().copied());
        if let Some(server) = &self.server {
            server.publish(&mine);
        }
    }
}
