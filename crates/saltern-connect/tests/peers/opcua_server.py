"""An OPC UA server to test our client with (asyncua). Says `listening` once it takes connections.

Node `ns=2;s=t0000` and so on are doubles whose value is the number of the round plus the tag's number in thousandths;
`ns=2;s=whole` is an Int32 and `ns=2;s=set` a Float that may be written; `ns=2;s=broken` is of bad quality.
"""

import argparse
import asyncio
import datetime
import logging
import sys

from asyncua import Server, ua
from asyncua.crypto.permission_rules import SimpleRoleRuleset, User, UserRole
from asyncua.server.user_managers import UserManager

POLICIES = {
    "None": ua.SecurityPolicyType.NoSecurity,
    "Basic256Sha256": ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    "Aes128_Sha256_RsaOaep": ua.SecurityPolicyType.Aes128Sha256RsaOaep_SignAndEncrypt,
    "Aes256_Sha256_RsaPss": ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
}


class People(UserManager):
    """Lets in one user, or anybody where none is given."""

    def __init__(self, only):
        self.only = only

    def get_user(self, iserver, username=None, password=None, certificate=None):
        if self.only is None or f"{username}:{password}" == self.only:
            return User(role=UserRole.Admin)
        return None


async def main():
    args = argparse.ArgumentParser()
    args.add_argument("port", type=int)
    args.add_argument("--tags", type=int, default=10)
    args.add_argument("--period", type=float, default=1.0)
    args.add_argument("--security", default="None")
    args.add_argument("--certificate")
    args.add_argument("--key")
    args.add_argument("--user")
    args = args.parse_args()

    server = Server(user_manager=People(args.user))
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{args.port}/")
    await server.set_application_uri("urn:saltern:peer")
    if args.security != "None":
        await server.load_certificate(args.certificate)
        await server.load_private_key(args.key)
    server.set_security_policy([POLICIES[args.security]], permission_ruleset=SimpleRoleRuleset())
    index = await server.register_namespace("urn:saltern:peer:tags")
    folder = await server.nodes.objects.add_folder(index, "tags")
    tags = []
    for i in range(args.tags):
        node = ua.NodeId(f"t{i:04}", index)
        tags.append((i, await folder.add_variable(node, f"t{i:04}", 0.0)))
    whole = await folder.add_variable(ua.NodeId("whole", index), "whole", 7, ua.VariantType.Int32)
    setpoint = await folder.add_variable(ua.NodeId("set", index), "set", 0.5, ua.VariantType.Float)
    await whole.set_writable()
    await setpoint.set_writable()
    broken = await folder.add_variable(ua.NodeId("broken", index), "broken", 1.0)
    await broken.write_value(
        ua.DataValue(ua.Variant(1.0, ua.VariantType.Double), ua.StatusCode(ua.StatusCodes.BadSensorFailure))
    )
    async with server:
        print("listening", flush=True)
        round_, due = 0, asyncio.get_running_loop().time()
        while True:
            round_ += 1
            now = datetime.datetime.now(datetime.timezone.utc)
            for i, node in tags:
                value = ua.DataValue(
                    ua.Variant(round_ + i / 1000, ua.VariantType.Double), SourceTimestamp=now, ServerTimestamp=now
                )
                await server.write_attribute_value(node.nodeid, value)
            due += args.period
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))


logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
asyncio.run(main())
