//! Registers that others may read: the controllers of a plant that is played.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use saltern_base::tags::WordOrder;
use saltern_base::tags::address::{Register, RegisterTable};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::Server;
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

use super::blocks::{MOST_BITS, MOST_REGISTERS};
use super::registers::words;

/// A Modbus TCP server at work; it ends soon after this goes out of sight, and so do its clients' sessions.
pub struct ModbusServer {
    address: SocketAddr,
    pub(super) face: Arc<Face>,
    task: JoinHandle<()>,
}

/// A register of a table of a unit.
type Place = (u8, RegisterTable, u16);

/// What is answered.
pub(super) struct Face {
    points: Vec<Register>,
    order: WordOrder,
    words: RwLock<HashMap<Place, u16>>,
}

impl ModbusServer {
    /// Begins to listen, within a Tokio runtime. `points` are the registers that numbers are told in, each
    /// with what it holds at first, zero where that does not fit it. Nothing is written to.
    ///
    /// # Errors
    /// What the system says where it can't.
    pub async fn listen(
        address: SocketAddr,
        points: Vec<(Register, f64)>,
        order: WordOrder,
    ) -> io::Result<ModbusServer> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (points, first): (Vec<Register>, Vec<f64>) = points.into_iter().unzip();
        let zeros = points.iter().flat_map(places).map(|place| (place, 0));
        let words = RwLock::new(zeros.collect());
        let face = Arc::new(Face {
            points,
            order,
            words,
        });
        let first: Vec<(usize, f64)> = first.into_iter().enumerate().collect();
        face.take(&first);
        let answers = Arc::clone(&face);
        let task = tokio::spawn(async move {
            let welcome = |stream: TcpStream, _| {
                let _ = stream.set_nodelay(true);
                ready(Ok(Some((Arc::clone(&answers), stream))))
            };
            // A client that breaks off is no concern of others; a listener that fails ends the server, and is heard of by
            // those who ask.
            let _ = Server::new(listener).serve(&welcome, |_| {}).await;
        });
        Ok(ModbusServer {
            address,
            face,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells numbers by the places of their registers in the list, before the registers' factor is taken; one that does not fit
    /// leaves its registers as they were.
    pub fn publish(&self, updates: &[(usize, f64)]) {
        self.face.take(updates);
    }

    /// Stops; the port is free for another when this returns.
    pub async fn stop(mut self) {
        self.task.abort();
        // It ends by being told to, or has ended before.
        let _ = (&mut self.task).await;
    }
}

impl Drop for ModbusServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn places(register: &Register) -> impl Iterator<Item = Place> + use<> {
    let &Register {
        unit,
        table,
        address,
        kind,
        ..
    } = register;
    (0..kind.width()).map(move |word| (unit, table, address.saturating_add(word)))
}

impl Face {
    fn take(&self, updates: &[(usize, f64)]) {
        let mut held = self.words.write().unwrap_or_else(PoisonError::into_inner);
        for (point, value) in updates {
            let Some(register) = self.points.get(*point) else {
                continue;
            };
            let told = words(value / register.factor, register.kind, self.order);
            held.extend(places(register).zip(told.into_iter().flatten()));
        }
    }

    /// Neighbours in a table; a range with one that is not there is refused as a whole, and so is one that no answer has room
    /// for (Application Protocol 1.1b3, 6.1, 6.3 and section 7).
    fn range(
        &self,
        unit: u8,
        table: RegisterTable,
        from: u16,
        count: u16,
    ) -> Result<Vec<u16>, ExceptionCode> {
        let most = match table {
            RegisterTable::Coil | RegisterTable::Discrete => MOST_BITS,
            RegisterTable::Holding | RegisterTable::Input => MOST_REGISTERS,
        };
        if !(1..=most).contains(&count) {
            return Err(ExceptionCode::IllegalDataValue);
        }
        let held = self.words.read().unwrap_or_else(PoisonError::into_inner);
        let all = u32::from(from)..u32::from(from) + u32::from(count);
        let word = |address: u32| {
            let address = u16::try_from(address).ok()?;
            held.get(&(unit, table, address)).copied()
        };
        all.map(|address| word(address).ok_or(ExceptionCode::IllegalDataAddress))
            .collect()
    }

    fn answer(&self, unit: u8, request: &Request<'_>) -> Result<Response, ExceptionCode> {
        let bits = |words: Vec<u16>| words.into_iter().map(|word| word != 0).collect();
        match *request {
            Request::ReadCoils(from, count) => {
                let words = self.range(unit, RegisterTable::Coil, from, count)?;
                Ok(Response::ReadCoils(bits(words)))
            }
            Request::ReadDiscreteInputs(from, count) => {
                let words = self.range(unit, RegisterTable::Discrete, from, count)?;
                Ok(Response::ReadDiscreteInputs(bits(words)))
            }
            Request::ReadHoldingRegisters(from, count) => {
                let words = self.range(unit, RegisterTable::Holding, from, count)?;
                Ok(Response::ReadHoldingRegisters(words))
            }
            Request::ReadInputRegisters(from, count) => {
                let words = self.range(unit, RegisterTable::Input, from, count)?;
                Ok(Response::ReadInputRegisters(words))
            }
            _ => Err(ExceptionCode::IllegalFunction),
        }
    }
}

impl Service for Face {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<Result<Response, ExceptionCode>>;

    fn call(&self, asked: Self::Request) -> Self::Future {
        ready(self.answer(asked.slave, &asked.request))
    }
}
