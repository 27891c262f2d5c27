"""A Modbus TCP client to test our server with (pymodbus): PORT ORDER ASK… Says what it was told, a line an ask.

ASK is UNIT/TABLE/ADDRESS:TYPE, UNIT/TABLE/ADDRESS#COUNT for so many bits or registers as they are, or
UNIT/TABLE/ADDRESS=NUMBER to write one. ORDER is that of a number's registers: big or little.
"""
import asyncio
import re
import sys

from pymodbus.client import AsyncModbusTcpClient as Client
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest

TYPES = {
    "u16": Client.DATATYPE.UINT16,
    "i16": Client.DATATYPE.INT16,
    "u32": Client.DATATYPE.UINT32,
    "i32": Client.DATATYPE.INT32,
    "u64": Client.DATATYPE.UINT64,
    "i64": Client.DATATYPE.INT64,
    "f32": Client.DATATYPE.FLOAT32,
    "f64": Client.DATATYPE.FLOAT64,
}
# The server is asked for more than it may give, too.
ReadHoldingRegistersRequest.MAX_COUNT = 1000


async def answer(client, order, ask):
    unit, table, address, how, what = re.fullmatch(r"(\d+)/(\w+)/(\d+)([:#=])(.+)", ask).groups()
    unit, address = int(unit), int(address)
    if how == "=":
        write = {"holding": client.write_register, "coil": client.write_coil}[table]
        told = await write(address, int(what), device_id=unit)
        return f"refused {told.exception_code}" if told.isError() else "written"
    read = {
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
    }[table]
    count = int(what) if how == "#" else TYPES[what].value[1]
    told = await read(address, count=count, device_id=unit)
    if told.isError():
        return f"refused {told.exception_code}"
    if table in ("coil", "discrete"):
        return " ".join(str(int(bit)) for bit in told.bits[:count])
    if how == "#":
        return " ".join(str(register) for register in told.registers)
    return repr(Client.convert_from_registers(told.registers, TYPES[what], word_order=order))


async def main(port, order, *asks):
    client = Client("127.0.0.1", port=int(port), timeout=5)
    await client.connect()
    for ask in asks:
        print(ask, await answer(client, order, ask), flush=True)
    client.close()


asyncio.run(main(*sys.argv[1:]))
