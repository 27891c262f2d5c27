//! Registers that others may read: the controllers of a plant that is played.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use saltern_base::tags::WordOrder;
use saltern_base::tags::address::{Register, RegisterTable};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_modbus::ExceptionCode;

use super::blocks::{MOST_BITS, MOST_REGISTERS};
use super::registers::words;
use super::session::serve;

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
        let task = tokio::spawn(welcome(listener, Arc::clone(&face)));
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

    /// The answer to a request, both without their heads. Nothing is written to, so that a request to write is refused by its
    /// function, whatever counts it holds; one to read that is longer or shorter than it should be, by its value.
    pub(super) fn answer(&self, unit: u8, asked: &[u8]) -> Vec<u8> {
        let Some((&function, rest)) = asked.split_first() else {
            return Vec::new();
        };
        let table = match function {
            1 => Ok(RegisterTable::Coil),
            2 => Ok(RegisterTable::Discrete),
            3 => Ok(RegisterTable::Holding),
            4 => Ok(RegisterTable::Input),
            _ => Err(ExceptionCode::IllegalFunction),
        };
        let found = table.and_then(|table| {
            let &[from, from_low, count, count_low] = rest else {
                return Err(ExceptionCode::IllegalDataValue);
            };
            let from = u16::from_be_bytes([from, from_low]);
            let count = u16::from_be_bytes([count, count_low]);
            Ok((table, self.range(unit, table, from, count)?))
        });
        match found {
            Ok((table, words)) => {
                let bytes = packed(table, &words);
                [&[function, bytes.len() as u8], &bytes[..]].concat()
            }
            Err(exception) => vec![function | 0x80, exception.into()],
        }
    }
}

/// Words as an answer holds them; bits eight a byte, the first lowest.
fn packed(table: RegisterTable, words: &[u16]) -> Vec<u8> {
    match table {
        RegisterTable::Coil | RegisterTable::Discrete => {
            let byte = |bits: &[u16]| {
                let bits = bits.iter().enumerate();
                bits.fold(0, |byte, (at, bit)| byte | u8::from(*bit != 0) << at)
            };
            words.chunks(8).map(byte).collect()
        }
        RegisterTable::Holding | RegisterTable::Input => {
            words.iter().flat_map(|word| word.to_be_bytes()).collect()
        }
    }
}

/// Lets clients in. One that breaks off is no concern of others; a listener that fails ends the server, and is heard of by those
/// who ask.
async fn welcome(listener: TcpListener, face: Arc<Face>) {
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            came = listener.accept() => {
                let Ok((stream, _)) = came else { return };
                let _ = stream.set_nodelay(true);
                let face = Arc::clone(&face);
                clients.spawn(async move { serve(stream, &face).await });
            }
            Some(_) = clients.join_next() => {}
        }
    }
}
