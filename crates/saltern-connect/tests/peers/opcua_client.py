"""An OPC UA client to test our server with (asyncua). Says what it found, a line each."""

import argparse
import asyncio
import logging
import sys

from asyncua import Client, ua
from asyncua.crypto import security_policies as policies

POLICIES = {
    "Basic256Sha256": policies.SecurityPolicyBasic256Sha256,
    "Aes128_Sha256_RsaOaep": policies.SecurityPolicyAes128Sha256RsaOaep,
    "Aes256_Sha256_RsaPss": policies.SecurityPolicyAes256Sha256RsaPss,
}


class Notified:
    """Counts what comes and keeps the last of every node."""

    def __init__(self):
        self.count = 0
        self.last = {}

    def datachange_notification(self, node, value, data):
        self.count += 1
        item = data.monitored_item.Value
        self.last[node.nodeid.Identifier] = (value, item.StatusCode.name, item.SourceTimestamp)

    def status_change_notification(self, status):
        print("status", status)


async def variables(node, depth=0):
    """Ids of all variables of our namespace below a node."""
    found = []
    for child in await node.get_children():
        if child.nodeid.NamespaceIndex != 2:
            continue
        if await child.read_node_class() == ua.NodeClass.Variable:
            found.append(child)
        else:
            found += await variables(child, depth + 1)
    return found


async def look(client, args):
    print("namespaces", *await client.get_namespace_array())
    print("state", await client.nodes.server_state.read_value())
    build = await client.get_node("i=2260").read_value()
    print("product", build.ProductName)
    tags = await variables(client.nodes.objects)
    print("variables", len(tags))
    first = client.get_node(args.first)
    path = await first.get_path(as_string=True)
    print("path", *path)
    print("name", (await first.read_display_name()).Text)
    print("description", (await first.read_description()).Text)
    unit = await (await first.get_child("0:EngineeringUnits")).read_value()
    print("unit", unit.UnitId, unit.DisplayName.Text, unit.NamespaceUri)
    span = await (await first.get_child("0:EURange")).read_value()
    print("range", span.Low, span.High)
    print("type", (await client.get_node(await first.read_type_definition()).read_browse_name()).Name)
    level = await first.read_data_type_as_variant_type()
    print("holds", level.name)
    return tags


async def watch(client, tags, args):
    notified = Notified()
    subscription = await client.create_subscription(200, notified)
    handles = await subscription.subscribe_data_change(tags, queuesize=20)
    print("items", len(handles))
    print("ready", flush=True)
    for _ in range(400):
        if notified.count >= args.wanted:
            break
        await asyncio.sleep(0.05)
    print("notified", notified.count, len(notified.last))
    for name in args.show.split(","):
        if name:
            value, status, time = notified.last[name]
            print("last", name, value, status, time.timestamp() if time else None)
    await subscription.delete()


async def write(client, args):
    node, value = args.write.rsplit("=", 1)
    kind = getattr(ua.VariantType, args.kind)
    number = float(value) if kind in (ua.VariantType.Double, ua.VariantType.Float) else int(value)
    try:
        await client.get_node(node).write_attribute(
            ua.AttributeIds.Value, ua.DataValue(ua.Variant(number, kind))
        )
        print("written", flush=True)
    except ua.UaStatusCodeError as error:
        print("write_refused", type(error).__name__)


async def main():
    args = argparse.ArgumentParser()
    args.add_argument("url")
    args.add_argument("--security")
    args.add_argument("--certificate")
    args.add_argument("--key")
    args.add_argument("--user")
    args.add_argument("--password")
    args.add_argument("--first")
    args.add_argument("--wanted", type=int, default=0)
    args.add_argument("--show", default="")
    args.add_argument("--write")
    args.add_argument("--kind", default="Double")
    args = args.parse_args()
    client = Client(args.url, timeout=5)
    client.application_uri = "urn:saltern:peer"
    if args.user:
        client.set_user(args.user)
        client.set_password(args.password)
    try:
        if args.security:
            await client.set_security(
                POLICIES[args.security], args.certificate, args.key, mode=ua.MessageSecurityMode.SignAndEncrypt
            )
        await client.connect()
    except Exception as error:
        print("refused", type(error).__name__)
        return
    print("connected")
    if args.first:
        tags = await look(client, args)
        await watch(client, tags, args)
    if args.write:
        await write(client, args)
    await client.disconnect()
    print("done")


logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr)
asyncio.run(main())
