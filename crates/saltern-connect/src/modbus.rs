//! Modbus TCP: registers of units behind one endpoint, asked for in blocks at the periods of their tags.

mod blocks;
mod face;
#[cfg(test)]
mod fuzz;
mod registers;
mod session;

pub use face::ModbusServer;

use std::future::Future;
use std::sync::Arc;

use saltern_base::tags::address::{Register, RegisterTable};
use saltern_base::tags::{Connection, Source, WordOrder, host_and_port};
use saltern_samples::Quality;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Duration, Instant, sleep_until, timeout};
use tokio_modbus::client::{Client, Context, tcp};
use tokio_modbus::slave::{Slave, SlaveContext};
use tokio_modbus::{ExceptionCode, Request, Response};

use crate::asked::{Accepted, Asked};
use crate::batch::Command;
use crate::error::ConnectError;
use crate::line::Line;
use crate::reason::Reason;
use crate::supervisor::Ended;
use crate::treatment::{Arrival, Slot, Value};
use blocks::{Block, blocks};

/// Registers of a block, or what the device has against it.
type Answer = Result<Vec<u16>, ExceptionCode>;

/// What every session of a connection starts from.
pub(crate) struct Plan {
    endpoint: String,
    host: String,
    port: u16,
    word_order: WordOrder,
    timeout: Duration,
    silence: Duration,
    /// By slot.
    registers: Vec<Option<Register>>,
    blocks: Vec<Block>,
}

impl Plan {
    pub(crate) fn new(connection: &Connection, slots: &[Slot]) -> Result<Plan, ConnectError> {
        let Some((host, port)) = host_and_port(&connection.endpoint, 502) else {
            return Err(ConnectError::Setting {
                connection: connection.who.id.clone(),
                column: "endpoint",
                value: connection.endpoint.clone(),
                accepted: Accepted::Words(connection.protocol.endpoints()),
            });
        };
        let register = |slot: &Slot| match &slot.source {
            Source::Modbus(address) => Register::read(address),
            _ => None,
        };
        let registers: Vec<Option<Register>> = slots.iter().map(register).collect();
        let periods = slots.iter().map(|slot| slot.period_s);
        Ok(Plan {
            endpoint: connection.endpoint.clone(),
            host,
            port,
            word_order: connection.word_order,
            timeout: Duration::from_secs_f64(connection.timeout_s),
            silence: Duration::from_secs_f64(connection.silence_s),
            blocks: blocks(&registers, periods),
            registers,
        })
    }
}

/// A block and when it is asked for next.
struct Poll {
    block: Block,
    due: Instant,
    /// What the device last said against it.
    failed: Option<ExceptionCode>,
}

/// One session: connects, and asks until something fails.
pub(crate) async fn session(plan: Arc<Plan>, mut line: Line) -> Ended {
    let slots = line.slots();
    let mut wire = Wire::connect(&plan).await?;
    let begin = Instant::now();
    let poll = |block: &Block| Poll {
        block: block.clone(),
        due: begin,
        failed: None,
    };
    let mut polls: Vec<Poll> = plan.blocks.iter().map(poll).collect();
    // A device that is asked seldom is asked something in time to be known to live.
    let most = plan.silence / 3;
    let mut last = begin;
    loop {
        let mut parted = Vec::new();
        for poll in polls.iter_mut().filter(|poll| poll.due <= Instant::now()) {
            let answer = wire.read(&poll.block).await?;
            line.heard();
            last = Instant::now();
            if parts(&answer, &poll.block) {
                parted.extend(poll.block.parts(&plan.registers));
            } else {
                tell(&plan, poll, answer, &mut line);
            }
            // Periods are kept; those that were missed are not made up for.
            poll.due = (poll.due + poll.block.period).max(Instant::now());
            while let Ok(command) = line.commands.try_recv() {
                wire.write(command, &slots).await?;
            }
        }
        line.send().await?;
        if !parted.is_empty() {
            polls.retain(|poll| {
                !parted
                    .iter()
                    .any(|part| poll.block.slots.contains(&part.slots[0]))
            });
            polls.extend(parted.iter().map(|block| Poll {
                due: Instant::now(),
                ..poll(block)
            }));
            continue;
        }
        let next = polls.iter().map(|poll| poll.due).min();
        tokio::select! {
            () = sleep_until(next.unwrap_or(last + most).min(last + most)) => {}
            command = line.commands.recv() => {
                wire.write(command.ok_or(ConnectError::Stopped)?, &slots).await?;
                last = Instant::now();
                line.heard();
            }
        }
        if last.elapsed() >= most {
            wire.look(polls.first().map(|poll| &poll.block)).await?;
            last = Instant::now();
            line.heard();
        }
    }
}

/// Whether a block is to be asked for in parts: the device has nothing at some of its registers, and says so of all.
fn parts(answer: &Answer, block: &Block) -> bool {
    let unknown = [
        ExceptionCode::IllegalDataAddress,
        ExceptionCode::IllegalDataValue,
    ];
    block.slots.len() > 1 && answer.as_ref().is_err_and(|e| unknown.contains(e))
}

/// Hands on what a block said, or why it said nothing.
fn tell(plan: &Plan, poll: &mut Poll, answer: Answer, line: &mut Line) {
    let block = &poll.block;
    match answer {
        Ok(words) => {
            poll.failed = None;
            for &slot in &block.slots {
                let number = plan.registers[slot].and_then(|register| {
                    let from = usize::from(register.address - block.address);
                    let words = words.get(from..from + usize::from(register.kind.width()))?;
                    registers::number(words, register.kind, plan.word_order)
                        .map(|number| number * register.factor)
                });
                let value = number.map_or(Value::Strange, Value::Number);
                line.take(slot, Arrival::good(value));
            }
        }
        Err(exception) => {
            for &slot in &block.slots {
                line.take(slot, Arrival::none(quality(exception)));
                // Told once, not at every poll.
                if poll.failed != Some(exception) {
                    let tag = line.slots()[slot].clone();
                    line.refuse(ConnectError::UnknownAddress {
                        tag: tag.id,
                        address: tag.source.text(),
                        reason: said(exception),
                    });
                }
            }
            poll.failed = Some(exception);
        }
    }
}

/// A device's word on what was asked of it.
fn said(exception: ExceptionCode) -> Reason {
    Reason::Exception {
        code: exception.into(),
    }
}

/// What an exception says of a value (Modbus Application Protocol 1.1b3, section 7).
fn quality(exception: ExceptionCode) -> Quality {
    match exception {
        ExceptionCode::IllegalFunction
        | ExceptionCode::IllegalDataAddress
        | ExceptionCode::IllegalDataValue => Quality::CONFIGURATION_ERROR,
        ExceptionCode::GatewayPathUnavailable | ExceptionCode::GatewayTargetDevice => {
            Quality::NOT_CONNECTED
        }
        _ => Quality::DEVICE_FAILURE,
    }
}

/// A connection that answers in time or not at all.
struct Wire<'p> {
    plan: &'p Plan,
    context: Context,
}

impl Wire<'_> {
    async fn connect(plan: &Plan) -> Result<Wire<'_>, ConnectError> {
        let unreachable = |e: std::io::Error| ConnectError::Unreachable {
            endpoint: plan.endpoint.clone(),
            reason: e.to_string(),
        };
        let reach = async {
            let mut addresses = lookup_host((plan.host.as_str(), plan.port)).await?;
            let address = addresses.next().ok_or(std::io::ErrorKind::NotFound)?;
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let stream = within(plan, Asked::Connect, reach)
            .await?
            .map_err(unreachable)?;
        Ok(Wire {
            plan,
            context: tcp::attach(stream),
        })
    }

    /// Reads a block; the inner error is the device's word on it.
    async fn read(&mut self, block: &Block) -> Result<Answer, ConnectError> {
        let (from, count) = (block.address, block.count);
        let asked = match block.table {
            RegisterTable::Holding => Request::ReadHoldingRegisters(from, count),
            RegisterTable::Input => Request::ReadInputRegisters(from, count),
            RegisterTable::Coil => Request::ReadCoils(from, count),
            RegisterTable::Discrete => Request::ReadDiscreteInputs(from, count),
        };
        match self.ask(Asked::Read, block.unit, asked).await? {
            Ok(response) => {
                let words = told(response, count.into());
                words.map(Ok).ok_or_else(|| self.beside_the_point())
            }
            Err(exception) => Ok(Err(exception)),
        }
    }

    /// Asks for anything as a sign of life; an exception is one as well.
    async fn look(&mut self, block: Option<&Block>) -> Result<(), ConnectError> {
        if let Some(block) = block {
            return self.read(block).await.map(drop);
        }
        let asked = Request::ReadHoldingRegisters(0, 1);
        let unit = Slave::tcp_device().into();
        self.ask(Asked::Read, unit, asked).await.map(drop)
    }

    /// One request and its answer. The protocol crate sees to it that both are of one kind; how much is in the answer is for
    /// us to see.
    async fn ask(
        &mut self,
        doing: Asked,
        unit: u8,
        request: Request<'_>,
    ) -> Result<Result<Response, ExceptionCode>, ConnectError> {
        self.context.set_slave(Slave(unit));
        let answer = within(self.plan, doing, self.context.call(request)).await?;
        answer.map_err(|e| lost(self.plan, &e))
    }

    fn beside_the_point(&self) -> ConnectError {
        ConnectError::Lost {
            endpoint: self.plan.endpoint.clone(),
            reason: Reason::BesideThePoint,
        }
    }

    /// Writes a value and tells how it went; only what breaks the connection is an error here.
    async fn write(&mut self, command: Command, slots: &[Slot]) -> Result<(), ConnectError> {
        let place = slots.iter().position(|slot| slot.tag == command.tag);
        let register = place.and_then(|place| self.plan.registers[place]);
        let id = place.map_or(String::new(), |place| slots[place].id.clone());
        let refused = |reason: Reason| ConnectError::WriteRefused {
            tag: id.clone(),
            reason,
        };
        let Some(register) = register else {
            let _ = command.answer.send(Err(refused(Reason::NoAddress)));
            return Ok(());
        };
        let words = registers::words(
            command.value / register.factor,
            register.kind,
            self.plan.word_order,
        );
        let Some(words) = words else {
            let value = command.value;
            let reason = Reason::DoesNotFit { value };
            let _ = command.answer.send(Err(refused(reason)));
            return Ok(());
        };
        let address = register.address;
        let request = match (register.table, &words[..]) {
            (RegisterTable::Holding, [word]) => Request::WriteSingleRegister(address, *word),
            (RegisterTable::Holding, words) => {
                Request::WriteMultipleRegisters(address, words.into())
            }
            (_, words) => {
                Request::WriteSingleCoil(address, words.first().is_some_and(|word| *word != 0))
            }
        };
        let done = match register.table {
            RegisterTable::Holding | RegisterTable::Coil => {
                let expected = echo(&request);
                match self.ask(Asked::Write, register.unit, request).await {
                    Ok(Ok(response)) if Some(&response) != expected.as_ref() => {
                        Err(self.beside_the_point())
                    }
                    Ok(answer) => Ok(answer.map(drop)),
                    Err(error) => Err(error),
                }
            }
            RegisterTable::Input | RegisterTable::Discrete => {
                Ok(Err(ExceptionCode::IllegalFunction))
            }
        };
        let (outcome, session) = match done {
            Ok(Ok(())) => (Ok(()), Ok(())),
            Ok(Err(exception)) => (Err(refused(said(exception))), Ok(())),
            Err(error) => (Err(error.clone()), Err(error)),
        };
        let _ = command.answer.send(outcome);
        session
    }
}

/// The registers of an answer, or its bits, a register each; `None` where it does not hold as many as were asked for. Bits come
/// in whole bytes.
fn told(response: Response, count: usize) -> Option<Vec<u16>> {
    let words = match response {
        Response::ReadHoldingRegisters(words) | Response::ReadInputRegisters(words) => words,
        Response::ReadCoils(bits) | Response::ReadDiscreteInputs(bits) => {
            let as_asked = bits.len() == count.next_multiple_of(8);
            let bits = bits.into_iter().take(count).map(u16::from);
            return as_asked.then(|| bits.collect());
        }
        _ => return None,
    };
    (words.len() == count).then_some(words)
}

/// What a device says that did as it was told (Modbus Application Protocol 1.1b3, 6.5, 6.6 and 6.12).
fn echo(request: &Request<'_>) -> Option<Response> {
    match request {
        Request::WriteSingleRegister(address, word) => {
            Some(Response::WriteSingleRegister(*address, *word))
        }
        Request::WriteSingleCoil(address, on) => Some(Response::WriteSingleCoil(*address, *on)),
        Request::WriteMultipleRegisters(address, words) => Some(Response::WriteMultipleRegisters(
            *address,
            words.len() as u16,
        )),
        _ => None,
    }
}

fn lost(plan: &Plan, error: &tokio_modbus::Error) -> ConnectError {
    ConnectError::Lost {
        endpoint: plan.endpoint.clone(),
        reason: error.to_string().into(),
    }
}

/// Waits for one answer no longer than the connection allows.
async fn within<T>(
    plan: &Plan,
    asked: Asked,
    answer: impl Future<Output = T>,
) -> Result<T, ConnectError> {
    timeout(plan.timeout, answer)
        .await
        .map_err(|_| ConnectError::Timeout {
            endpoint: plan.endpoint.clone(),
            asked,
            seconds: plan.timeout.as_secs_f64(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The protocol crate takes an answer of any length for what was asked; a short one panicked where it is built with
    /// assertions, a long one was read as if it were the right one.
    #[test]
    fn an_answer_holds_what_was_asked_for() {
        let registers = || Response::ReadHoldingRegisters(vec![1, 2, 3]);
        assert_eq!(told(registers(), 3), Some(vec![1, 2, 3]));
        assert_eq!((told(registers(), 2), told(registers(), 4)), (None, None));
        let bits = |bytes: usize| Response::ReadCoils(vec![true; 8 * bytes]);
        assert_eq!(told(bits(2), 9), Some(vec![1; 9]));
        assert_eq!(
            (told(bits(1), 9), told(bits(3), 9), told(bits(0), 1)),
            (None, None, None)
        );
        assert_eq!(told(Response::WriteSingleRegister(0, 1), 1), None);
    }
}
