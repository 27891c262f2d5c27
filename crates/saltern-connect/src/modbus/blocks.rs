//! Registers that are asked for together.

use saltern_base::tags::address::{Register, RegisterTable};
use tokio::time::Duration;

/// Most registers in one answer (Modbus Application Protocol 1.1b3, 6.3: 125; bits, 6.1: 2000).
pub(super) const MOST_REGISTERS: u16 = 125;
pub(super) const MOST_BITS: u16 = 2000;
/// Registers that nobody asked for are read along where they part two that somebody did, up to so many: an answer costs more
/// than they do. A device that has nothing there would refuse the block, so the hole is kept small.
const LARGEST_HOLE: u16 = 8;

/// Registers of one table of one unit that are read in one request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    pub(super) unit: u8,
    pub(super) table: RegisterTable,
    pub(super) address: u16,
    pub(super) count: u16,
    pub(super) period: Duration,
    /// Who is told.
    pub(super) slots: Vec<usize>,
}

impl Block {
    /// The same registers, each asked for alone. `registers` are by slot.
    pub(super) fn parts(&self, registers: &[Option<Register>]) -> Vec<Block> {
        let alone = |slot: &usize| {
            let register = registers[*slot]?;
            Some(Block {
                address: register.address,
                count: register.kind.width(),
                slots: vec![*slot],
                ..self.clone()
            })
        };
        self.slots.iter().filter_map(alone).collect()
    }
}

/// Puts registers into as few blocks as may be; registers of different periods are asked for apart. `registers` and
/// `periods_s` are by slot.
pub(super) fn blocks(
    registers: &[Option<Register>],
    periods_s: impl Iterator<Item = f64>,
) -> Vec<Block> {
    let mut all: Vec<(usize, Register, Duration)> = registers
        .iter()
        .zip(periods_s)
        .enumerate()
        .filter_map(|(slot, (register, period_s))| {
            Some((
                slot,
                (*register)?,
                Duration::from_secs_f64(period_s.clamp(0.01, 1e8)),
            ))
        })
        .collect();
    all.sort_by_key(|(_, r, period)| (r.unit, r.table, *period, r.address));
    let mut blocks: Vec<Block> = Vec::new();
    for (slot, register, period) in all {
        let end = register.address + (register.kind.width() - 1);
        let fits = |block: &&mut Block| {
            let (most, hole) = match block.table {
                RegisterTable::Coil | RegisterTable::Discrete => (MOST_BITS, 16 * LARGEST_HOLE),
                RegisterTable::Holding | RegisterTable::Input => (MOST_REGISTERS, LARGEST_HOLE),
            };
            let last = block.address + (block.count - 1);
            block.unit == register.unit
                && block.table == register.table
                && block.period == period
                && register.address <= last.saturating_add(1 + hole)
                && end - block.address < most
        };
        match blocks.last_mut().filter(fits) {
            Some(block) => {
                block.count = block.count.max(end - block.address + 1);
                block.slots.push(slot);
            }
            None => blocks.push(Block {
                unit: register.unit,
                table: register.table,
                address: register.address,
                count: register.kind.width(),
                period,
                slots: vec![slot],
            }),
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbours_are_read_together() {
        let registers = [
            "1/holding/100:f32",
            "1/holding/102:f32",
            "1/holding/111",
            "1/holding/200",
            "2/holding/104",
            "1/coil/3",
        ]
        .map(Register::read);
        let blocks = blocks(&registers, [10.0; 6].into_iter());
        let spans: Vec<(u8, u16, u16)> = blocks
            .iter()
            .map(|b| (b.unit, b.address, b.count))
            .collect();
        assert_eq!(spans, [(1, 3, 1), (1, 100, 12), (1, 200, 1), (2, 104, 1)]);
    }

    proptest! {
        /// Every register is within a block that may be asked for.
        #[test]
        fn nothing_is_left_out(asked in prop::collection::vec((0u16..=65535, 0usize..4, 1u8..3, 1u8..3), 0..60)) {
            let kinds = ["", ":u16", ":f32", ":f64"];
            let registers: Vec<Option<Register>> = asked.iter()
                .map(|(address, kind, unit, _)| Register::read(&format!("{unit}/holding/{address}{}", kinds[*kind])))
                .collect();
            let blocks = blocks(&registers, asked.iter().map(|a| f64::from(a.3)));
            let mut told = vec![0; registers.len()];
            for block in &blocks {
                prop_assert!(block.count <= MOST_REGISTERS && block.count > 0);
                prop_assert!(u32::from(block.address) + u32::from(block.count) <= 65536);
                for &slot in &block.slots {
                    told[slot] += 1;
                    let register = registers[slot].expect("one that was asked for");
                    prop_assert!(register.address >= block.address);
                    prop_assert!(u32::from(register.address) + u32::from(register.kind.width()) <= u32::from(block.address) + u32::from(block.count));
                }
            }
            for (register, told) in registers.iter().zip(told) {
                prop_assert_eq!(told, i32::from(register.is_some()));
            }
        }
    }
}
