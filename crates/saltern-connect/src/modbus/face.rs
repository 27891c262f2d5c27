//! Registers as a device shows them, for a plant that is played: all four tables may be read, and what may be written is
//! handed to whoever plays.
//!
//! Modbus has no quality, so a value that can't be used is answered as a failure of the device (exception 4), and an address
//! that nothing stands at as an illegal one (exception 2): Modbus Application Protocol 1.1b3, section 7.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use saltern_base::tags::WordOrder;
use saltern_base::tags::address::{Register, RegisterTable};
use saltern_samples::Sample;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::{Server, accept_tcp_connection};
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

use super::registers::{number, words};

/// Someone writes to a device.
#[derive(Debug)]
pub struct ModbusWrite {
    /// The value, by the place of its registers in the list.
    pub point: usize,
    /// In the unit of its tag.
    pub value: f64,
    /// Whether it is taken.
    pub answer: oneshot::Sender<bool>,
}

/// Devices behind one address; they end when this goes out of sight.
pub struct ModbusServer {
    address: SocketAddr,
    shown: Arc<Shown>,
    task: JoinHandle<()>,
}

/// Where a word stands.
type At = (u8, RegisterTable, u16);

struct Shown {
    points: Vec<Register>,
    order: WordOrder,
    /// Which point a word belongs to.
    owners: HashMap<At, usize>,
    /// By point; `None` where no value can be used.
    values: RwLock<Vec<Option<Vec<u16>>>>,
    writes: Option<mpsc::Sender<ModbusWrite>>,
}

impl ModbusServer {
    /// Begins to listen, within a Tokio runtime. Without `writes` nothing may be written.
    ///
    /// # Errors
    /// What the system says where it can't.
    pub async fn listen(
        address: SocketAddr,
        points: Vec<Register>,
        order: WordOrder,
        writes: Option<mpsc::Sender<ModbusWrite>>,
    ) -> io::Result<ModbusServer> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let mut owners = HashMap::new();
        for (point, register) in points.iter().enumerate() {
            for at in words_of(register) {
                owners.insert(at, point);
            }
        }
        let shown = Arc::new(Shown {
            values: RwLock::new(vec![None; points.len()]),
            points,
            order,
            owners,
            writes,
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shown)));
        Ok(ModbusServer {
            address,
            shown,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shows new values, by the places of their registers in the list.
    pub fn publish(&self, updates: &[(usize, Sample)]) {
        let mut values = self
            .shown
            .values
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for (point, sample) in updates {
            let (Some(value), Some(register)) =
                (values.get_mut(*point), self.shown.points.get(*point))
            else {
                continue;
            };
            *value = sample
                .is_usable()
                .then(|| {
                    words(
                        sample.value / register.factor,
                        register.kind,
                        self.shown.order,
                    )
                })
                .flatten();
        }
    }
}

impl Drop for ModbusServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn words_of(register: &Register) -> impl Iterator<Item = At> + use<> {
    let (unit, table, first) = (register.unit, register.table, register.address);
    (0..register.kind.width()).map(move |i| (unit, table, first.wrapping_add(i)))
}

async fn serve(listener: TcpListener, shown: Arc<Shown>) {
    let server = Server::new(listener);
    let new_service = |_| Ok(Some(Device(Arc::clone(&shown))));
    let connected = |stream, from| {
        let accepted = accept_tcp_connection(stream, from, new_service);
        async move { accepted }
    };
    // A listener that fails ends the devices; whoever asks them finds out.
    let _ = server.serve(&connected, |_| {}).await;
}

struct Device(Arc<Shown>);

impl Service for Device {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Pin<Box<dyn Future<Output = Result<Response, ExceptionCode>> + Send>>;

    fn call(&self, asked: SlaveRequest<'static>) -> Self::Future {
        let shown = Arc::clone(&self.0);
        Box::pin(async move { shown.answer(asked.slave, asked.request).await })
    }
}

impl Shown {
    async fn answer(&self, unit: u8, request: Request<'static>) -> Result<Response, ExceptionCode> {
        let read = |table, first, count| self.read(unit, table, first, count);
        Ok(match request {
            Request::ReadHoldingRegisters(first, count) => {
                Response::ReadHoldingRegisters(read(RegisterTable::Holding, first, count)?)
            }
            Request::ReadInputRegisters(first, count) => {
                Response::ReadInputRegisters(read(RegisterTable::Input, first, count)?)
            }
            Request::ReadCoils(first, count) => {
                Response::ReadCoils(bits(read(RegisterTable::Coil, first, count)?))
            }
            Request::ReadDiscreteInputs(first, count) => {
                Response::ReadDiscreteInputs(bits(read(RegisterTable::Discrete, first, count)?))
            }
            Request::WriteSingleRegister(first, word) => {
                self.write(unit, RegisterTable::Holding, first, &[word])
                    .await?;
                Response::WriteSingleRegister(first, word)
            }
            Request::WriteMultipleRegisters(first, words) => {
                self.write(unit, RegisterTable::Holding, first, &words)
                    .await?;
                Response::WriteMultipleRegisters(first, words.len() as u16)
            }
            Request::WriteSingleCoil(first, on) => {
                self.write(unit, RegisterTable::Coil, first, &[u16::from(on)])
                    .await?;
                Response::WriteSingleCoil(first, on)
            }
            Request::WriteMultipleCoils(first, on) => {
                let words: Cow<'_, [u16]> = on.iter().map(|on| u16::from(*on)).collect();
                self.write(unit, RegisterTable::Coil, first, &words).await?;
                Response::WriteMultipleCoils(first, on.len() as u16)
            }
            _ => return Err(ExceptionCode::IllegalFunction),
        })
    }

    fn read(
        &self,
        unit: u8,
        table: RegisterTable,
        first: u16,
        count: u16,
    ) -> Result<Vec<u16>, ExceptionCode> {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        let word = |i: u16| {
            let at = first
                .checked_add(i)
                .ok_or(ExceptionCode::IllegalDataAddress)?;
            let point = self.owners.get(&(unit, table, at));
            let point = *point.ok_or(ExceptionCode::IllegalDataAddress)?;
            let value = values[point]
                .as_ref()
                .ok_or(ExceptionCode::ServerDeviceFailure)?;
            Ok(value[usize::from(at - self.points[point].address)])
        };
        (0..count).map(word).collect()
    }

    /// Writes whole values only: half of a number is none.
    async fn write(
        &self,
        unit: u8,
        table: RegisterTable,
        first: u16,
        given: &[u16],
    ) -> Result<(), ExceptionCode> {
        let writes = self.writes.as_ref().ok_or(ExceptionCode::IllegalFunction)?;
        let mut rest = given;
        let mut at = first;
        while !rest.is_empty() {
            let point = self.owners.get(&(unit, table, at));
            let point = *point.ok_or(ExceptionCode::IllegalDataAddress)?;
            let register = self.points[point];
            let width = usize::from(register.kind.width());
            if register.address != at || rest.len() < width {
                return Err(ExceptionCode::IllegalDataAddress);
            }
            let (own, others) = rest.split_at(width);
            let value = number(own, register.kind, self.order);
            let value = value.ok_or(ExceptionCode::IllegalDataValue)? * register.factor;
            let (answer, answered) = oneshot::channel();
            let write = ModbusWrite {
                point,
                value,
                answer,
            };
            let sent = writes.send(write).await;
            sent.map_err(|_| ExceptionCode::ServerDeviceFailure)?;
            match answered.await {
                Ok(true) => {}
                Ok(false) => return Err(ExceptionCode::IllegalDataValue),
                Err(_) => return Err(ExceptionCode::ServerDeviceFailure),
            }
            at = at.wrapping_add(width as u16);
            rest = others;
        }
        Ok(())
    }
}

fn bits(words: Vec<u16>) -> Vec<bool> {
    words.into_iter().map(|word| word != 0).collect()
}

#[cfg(test)]
mod tests {
    use saltern_samples::Quality;
    use tokio_modbus::client::{Reader, Writer, tcp};
    use tokio_modbus::slave::Slave;

    use super::*;

    fn points() -> Vec<Register> {
        [
            "1/holding/100:f32",
            "1/holding/102:i16*0.1",
            "1/coil/5",
            "2/input/0:u32",
        ]
        .map(|text| Register::read(text).expect("an address"))
        .to_vec()
    }

    #[tokio::test]
    async fn what_is_shown_is_read_and_what_is_not_is_refused() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = ModbusServer::listen(any, points(), WordOrder::UpperFirst, None);
        let server = server.await.expect("a server");
        let good = |value| Sample::good(0, value);
        server.publish(&[
            (0, good(1.0)),
            (1, good(-12.3)),
            (2, good(1.0)),
            (3, good(70_000.0)),
        ]);
        let mut first = tcp::connect_slave(server.address(), Slave(1))
            .await
            .expect("connected");
        let read = first
            .read_holding_registers(100, 3)
            .await
            .expect("an answer");
        // 1.0 is 0x3F800000 (IEEE 754); −12.3 is −123 tenths.
        assert_eq!(read, Ok(vec![0x3F80, 0, (-123i16) as u16]));
        assert_eq!(
            first.read_coils(5, 1).await.expect("an answer"),
            Ok(vec![true])
        );
        let beyond = first
            .read_holding_registers(102, 2)
            .await
            .expect("an answer");
        assert_eq!(beyond, Err(ExceptionCode::IllegalDataAddress));
        let write = first
            .write_single_register(102, 7)
            .await
            .expect("an answer");
        assert_eq!(write, Err(ExceptionCode::IllegalFunction));
        server.publish(&[(0, Sample::gap(1, Quality::SENSOR_FAILURE))]);
        let failed = first
            .read_holding_registers(100, 2)
            .await
            .expect("an answer");
        assert_eq!(failed, Err(ExceptionCode::ServerDeviceFailure));
        let mut second = tcp::connect_slave(server.address(), Slave(2))
            .await
            .expect("connected");
        let read = second.read_input_registers(0, 2).await.expect("an answer");
        assert_eq!(read, Ok(vec![1, 4464]));
    }

    #[tokio::test]
    async fn whole_values_are_written_where_somebody_takes_them() {
        let (writes, mut taken) = mpsc::channel::<ModbusWrite>(4);
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = ModbusServer::listen(any, points(), WordOrder::UpperFirst, Some(writes));
        let server = server.await.expect("a server");
        let play = tokio::spawn(async move {
            let mut seen = Vec::new();
            while let Some(write) = taken.recv().await {
                seen.push((write.point, write.value));
                let _ = write.answer.send(write.value < 100.0);
                if seen.len() == 3 {
                    break;
                }
            }
            seen
        });
        let mut client = tcp::connect_slave(server.address(), Slave(1))
            .await
            .expect("connected");
        let half = client
            .write_single_register(100, 0x3F80)
            .await
            .expect("an answer");
        assert_eq!(half, Err(ExceptionCode::IllegalDataAddress));
        let both = client
            .write_multiple_registers(100, &[0x3F80, 0, 250])
            .await;
        assert_eq!(both.expect("an answer"), Ok(()));
        // 0x43480000 is 200.
        let much = client.write_multiple_registers(100, &[0x4348, 0]).await;
        assert_eq!(
            much.expect("an answer"),
            Err(ExceptionCode::IllegalDataValue)
        );
        assert_eq!(
            play.await.expect("no panic"),
            [(0, 1.0), (1, 25.0), (0, 200.0)]
        );
    }
}
