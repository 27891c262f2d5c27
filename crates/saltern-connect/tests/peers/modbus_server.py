"""A Modbus TCP device: PORT REGISTERS. There is nothing beyond the last register."""
import asyncio
import struct
import sys

from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import StartAsyncTcpServer

port, registers = int(sys.argv[1]), int(sys.argv[2])


def block(*first):
    return ModbusSequentialDataBlock(1, [*first] + [0] * (registers - len(first)))


# Input 0 and 1: 3.5 as a float, upper register first; discrete 2 is set.
device = ModbusDeviceContext(
    di=block(0, 0, 1), co=block(), hr=block(), ir=block(*struct.unpack(">HH", struct.pack(">f", 3.5)))
)
asyncio.run(StartAsyncTcpServer(ModbusServerContext(devices=device, single=True), address=("127.0.0.1", port)))
