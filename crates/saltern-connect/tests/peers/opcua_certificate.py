"""Makes a certificate signed by itself and its key for a test's peer: FOLDER/cert.der and FOLDER/key.pem."""

import asyncio
import pathlib
import sys

from asyncua.crypto.cert_gen import setup_self_signed_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID

folder, uri = pathlib.Path(sys.argv[1]), sys.argv[2]
asyncio.run(
    setup_self_signed_certificate(
        folder / "key.pem",
        folder / "cert.der",
        uri,
        "localhost",
        [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH],
        {"countryName": "CN", "stateOrProvinceName": "Qinghai", "localityName": "test", "organizationName": "peer"},
    )
)
